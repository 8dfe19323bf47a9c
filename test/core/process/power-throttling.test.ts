import { afterEach, expect, test } from '@jest/globals';
import { type PowerThrottlingOptions, type RtwqError, setPowerThrottling } from 'rtworkq';
import { expectOneOf, reportAnswer } from '../../support/answers';
import { loadHelper } from '../../support/helper';

const helper = loadHelper();
const isReported = helper.powerThrottling() !== undefined;
if (!isReported) reportAnswer('GetProcessInformation(ProcessPowerThrottling)', 'does not report it');
const system = { timerResolution: 'system', executionSpeed: 'system' } as const;

/** Whether this Windows accepts the options. If it does not, the error has to say why. */
function trySet(options: PowerThrottlingOptions): boolean {
  try {
    setPowerThrottling(options);
    return true;
  } catch (error) {
    const { name, syscall, message } = error as RtwqError;
    expect({ name, syscall }).toEqual({ name: 'RtwqError', syscall: 'SetProcessInformation' });
    expect(message).toContain('requires Windows 11');
    reportAnswer(`power throttling ${JSON.stringify(options)}`, message);
    return false;
  }
}

/** Expects Windows to report these masks, if it reports any. It may add bits of its own. */
function expectMasks(control: number, state: number): void {
  if (!isReported) return;
  const other = [expect.any(Number), expect.any(Number)];
  expectOneOf(`power throttling masks after [${control}, ${state}]`, helper.powerThrottling(), [control, state], other);
}

afterEach(() => {
  trySet(system);
});

test('setPowerThrottling() sets executionSpeed, and leaves it to the system again', () => {
  if (!trySet({ executionSpeed: false })) return;
  expectMasks(1, 0);
  setPowerThrottling({ executionSpeed: true });
  expectMasks(1, 1);
  setPowerThrottling({});
  expectMasks(1, 1);
  setPowerThrottling({ executionSpeed: undefined, timerResolution: 'system' });
  expectMasks(1, 1);
  setPowerThrottling(system);
  expectMasks(0, 0);
});

test('setPowerThrottling() of timerResolution keeps executionSpeed, or fails and changes nothing', () => {
  if (!trySet({ executionSpeed: false })) return;
  if (trySet({ timerResolution: false })) expectMasks(5, 0);
  else expectMasks(1, 0);
});
