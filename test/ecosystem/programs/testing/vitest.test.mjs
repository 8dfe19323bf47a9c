import { test, vi } from 'vitest';
import { define } from './shared.mjs';

define(test, {
  start: () => vi.useFakeTimers(),
  tick: (milliseconds) => vi.advanceTimersByTime(milliseconds),
  stop: () => vi.useRealTimers(),
});
