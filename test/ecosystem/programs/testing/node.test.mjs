import { mock, test } from 'node:test';
import { define } from './shared.mjs';

define(test, {
  start: () => mock.timers.enable({ apis: ['setTimeout'] }),
  tick: (milliseconds) => mock.timers.tick(milliseconds),
  stop: () => mock.timers.reset(),
});
