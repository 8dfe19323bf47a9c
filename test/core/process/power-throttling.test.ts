import { afterEach, expect, test } from '@jest/globals';
import { type PowerThrottlingOptions, type RtwqError, setPowerThrottling } from 'rtworkq';
import { loadHelper } from '../../support/helper';

const helper = loadHelper();
const tells = helper.powerThrottling() !== undefined;
if (!tells) console.warn('This Windows does not tell how it throttles the process.');
const system = { timerResolution: 'system', executionSpeed: 'system' } as const;

/** Whether this Windows does it; what it refuses, it has to explain. */
function sets(options: PowerThrottlingOptions): boolean {
  try {
    setPowerThrottling(options);
    return true;
  } catch (error) {
    const { name, syscall, message } = error as RtwqError;
    expect({ name, syscall }).toEqual({ name: 'RtwqError', syscall: 'SetProcessInformation' });
    expect(message).toContain('needs Windows 11');
    console.warn(`This Windows refuses ${JSON.stringify(options)}: ${message}`);
    return false;
  }
}

/** That Windows says this is set, where it says anything. */
function expectMasks(control: number, state: number): void {
  if (tells) expect(helper.powerThrottling()).toEqual([control, state]);
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
