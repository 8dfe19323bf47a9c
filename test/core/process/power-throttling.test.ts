import { afterEach, expect, test } from '@jest/globals';
import { type PowerThrottlingOptions, type RtwqError, setPowerThrottling } from 'rtworkq';
import { expectOneOf, reportAnswer } from '../../support/answers';
import { loadHelper } from '../../support/helper';

const helper = loadHelper();
const tells = helper.powerThrottling() !== undefined;
if (!tells) reportAnswer('GetProcessInformation(ProcessPowerThrottling)', 'does not tell');
const system = { timerResolution: 'system', executionSpeed: 'system' } as const;

/** Whether this Windows does it; what it refuses, it has to explain. */
function sets(options: PowerThrottlingOptions): boolean {
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

/** Expects the masks that Windows says are set, if it says anything. It may add bits of its own. */
function expectMasks(control: number, state: number): void {
  if (!tells) return;
  const other = [expect.any(Number), expect.any(Number)];
  expectOneOf(`power throttling masks after [${control}, ${state}]`, helper.powerThrottling(), [control, state], other);
}

afterEach(() => {
  sets(system);
});

test('is set, and left to the system again', () => {
  if (!sets({ executionSpeed: false })) return;
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

test('timerResolution leaves executionSpeed alone, or is refused and changes nothing', () => {
  if (!sets({ executionSpeed: false })) return;
  if (sets({ timerResolution: false })) expectMasks(5, 0);
  else expectMasks(1, 0);
});
