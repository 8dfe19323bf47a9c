import { expect, test } from '@jest/globals';
import { requestTimerResolution } from 'rtworkq';
import { reportAnswer } from '../../support/answers';
import { loadHelper } from '../../support/helper';

const helper = loadHelper();

test('a lease holds until it is released', () => {
  const before = helper.timerTick();
  const lease = requestTimerResolution(1);
  expect(lease.milliseconds).toBe(1);
  // That of the whole system, so others may have made it as fine before. Windows does not promise when it changes.
  reportAnswer('the tick of the timer in ms, without and with a request for 1 ms', [before, helper.timerTick()]);
  lease.release();
  lease.release();
});

test('needs no platform, and leases may overlap', () => {
  using first = requestTimerResolution(1);
  using second = requestTimerResolution(10);
  using third = requestTimerResolution(1);
  expect([first, second, third].map(({ milliseconds }) => milliseconds)).toEqual([1, 10, 1]);
});

test('what is out of the range of this machine is refused, and the range named', () => {
  const range = {
    name: 'RangeError',
    code: 'ERR_OUT_OF_RANGE',
    message: expect.stringMatching(/"milliseconds".*>= 1 and <= \d+\. Received/),
  };
  for (const milliseconds of [0, -1, 2 ** 32, 2 ** 53]) {
    expect(() => requestTimerResolution(milliseconds)).toThrow(expect.objectContaining(range));
  }
});

test('its methods are for leases only', () => {
  using lease = requestTimerResolution(1);
  expect(() => Reflect.apply(lease.release, {}, [])).toThrow(TypeError);
});
