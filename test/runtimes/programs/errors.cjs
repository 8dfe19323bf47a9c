// Errors have codes, and their stacks have the line of the program.

'use strict';

const assert = require('node:assert/strict');
const { isSupported, pendingOperations, putWorkItem, scheduleWorkItem, traceOperations, waitFor, WaitableEvent } = require('rtworkq');
const timers = require('rtworkq/timers');
const { check, checkIf, run } = require('./checks.cjs');

const windows = isSupported();

// Bun's engine drops the frame of a function that returns the result of a call, so most of the functions here do not.

function errorOf(action) {
  try {
    action();
  } catch (error) {
    return error;
  }
  return assert.fail('it did not throw');
}

/** Expects that a stack names a function of this file. */
function expectFrame(stack, name) {
  assert.match(stack, new RegExp(`^\\s+at (.*\\.)?${name}\\b.*errors\\.cjs:\\d+`, 'm'));
}

check('a wrong argument throws a TypeError with a code', () => {
  const error = errorOf(() => timers.setTimeout('no function'));
  assert.ok(error instanceof TypeError);
  assert.equal(error.code, 'ERR_INVALID_ARG_TYPE');
  assert.match(String(error), /^TypeError \[ERR_INVALID_ARG_TYPE\]: /);
});

check('the stack of an error has the line of the call', () => {
  function programLine() {
    timers.setTimeout('no function');
    assert.fail('it did not throw');
  }
  expectFrame(errorOf(programLine).stack, 'programLine');
});

check('so does one in a callback', async () => {
  const { promise, resolve } = Promise.withResolvers();
  setImmediate(function callbackLine() {
    try {
      putWorkItem(5);
    } catch (error) {
      resolve(error.stack);
    }
  });
  expectFrame(await promise, 'callbackLine');
});

check('so does one of a call in tail position', () => {
  function callerLine() {
    tailLine();
    assert.fail('it did not throw');
  }
  function tailLine() {
    return scheduleWorkItem('no number');
  }
  expectFrame(errorOf(callerLine).stack, 'callerLine');
});

checkIf(windows, "the AbortError of a wait has the line of the wait's start", async () => {
  const event = WaitableEvent.create();
  const controller = new AbortController();
  function startLine() {
    return { ended: waitFor(event, { signal: controller.signal }).catch((reason) => reason) };
  }
  const { ended } = startLine();
  controller.abort();
  const error = await ended;
  assert.equal(error.code, 'ABORT_ERR');
  expectFrame(error.stack, 'startLine');
  event.close();
});

check('a traced operation has the line of its start', () => {
  traceOperations(true);
  function traceLine() {
    return { timer: timers.setTimeout(() => {}, 60_000) };
  }
  const { timer } = traceLine();
  const [{ stack }] = pendingOperations();
  timers.clearTimeout(timer);
  traceOperations(false);
  expectFrame(stack, 'traceLine');
});

checkIf(windows, 'a function of Windows that fails throws an RtwqError', () => {
  function openLine() {
    WaitableEvent.open('Local\\rtworkq there is no such event');
    assert.fail('it did not throw');
  }
  const error = errorOf(openLine);
  assert.deepEqual([error.name, error.syscall], ['RtwqError', 'OpenEventW']);
  expectFrame(error.stack, 'openLine');
});

void run();
