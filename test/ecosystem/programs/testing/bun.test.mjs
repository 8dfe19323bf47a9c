import { jest, test } from 'bun:test';
import { define } from './shared.mjs';

define(test, {
  start: () => jest.useFakeTimers(),
  tick: (milliseconds) => jest.advanceTimersByTime(milliseconds),
  stop: () => jest.useRealTimers(),
});
