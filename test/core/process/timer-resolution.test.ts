import { expect, test } from '@jest/globals';
import { requestTimerResolution } from 'rtworkq';
import { reportAnswer } from '../../support/answers';
import { loadHelper } from '../../support/helper';

const helper = loadHelper();

test('requestTimerResolution() returns a lease that can be released twice', () => {
  const before = helper.timerTick();
  const lease = requestTimerResolution(1);
  expect(lease.milliseconds).toBe(1);
  // The tick is system-wide: other programs may already have made it this fine. Windows does not promise when it changes.
  reportAnswer('the tick of the timer in ms, without and with a request for 1 ms', [before, helper.timerTick()]);
  lease.release();
  lease.release();
});

test('requestTimerResolution() works without startup(), and its leases may overlap', () => {
  using first = requestTimerResolution(1);
  using second = requestTimerResolution(10);
  using third = requestTimerResolution(1);
  expect([first, second, third].map(({ milliseconds }) => milliseconds)).toEqual([1, 10, 1]);
});

test("requestTimerResolution() throws with the machine's range if the value is outside it", () => {
  const range = {
    name: 'RangeError',
    code: 'ERR_OUT_OF_RANGE',
    message: expect.stringMatching(/"milliseconds".*>= 1 and <= \d+\. Received/),
  };
  for (const milliseconds of [0, -1, 2 ** 32, 2 ** 53]) {
    expect(() => requestTimerResolution(milliseconds)).toThrow(expect.objectContaining(range));
  }
});

test('release() throws for an object that is not a lease', () => {
  using lease = requestTimerResolution(1);
  expect(() => Reflect.apply(lease.release, {}, [])).toThrow(TypeError);
});
