import { test } from 'node:test';
import sinon from 'sinon';
import { define } from './shared.mjs';

let clock;
define(test, {
  start: () => {
    clock = sinon.useFakeTimers();
  },
  tick: (milliseconds) => clock.tick(milliseconds),
  stop: () => clock.restore(),
});
