// Measures many waits at once: to start them, one signal while all are pending, and to end them.

const { spawn } = require('node:child_process');
const { performance } = require('node:perf_hooks');
const { processMicroseconds } = require('./meter.js');
const { requireHere } = require('./package.js');
const { ProcessHandle, Semaphore, WaitableEvent, WaitableTimer, waitFor } = requireHere('rtworkq');

// A prime, for an order that looks random.
const STRIDE = 7919;
const SIGNALS = 200;

/** A process that ends with its input. */
const childOf = () => spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'inherit'] });

/** How to make a target, and how to signal it. In the order of lib/kinds.js. */
const KINDS = [
  () => ({ make: () => WaitableEvent.create(), signal: (event) => event.set() }),
  () => ({ make: () => Semaphore.create(), signal: (semaphore) => semaphore.release() }),
  () => ({ make: () => WaitableTimer.create(), signal: (timer) => timer.set(0) }),
  () => {
    // All handles are of one process, so they have no signals of their own.
    const child = childOf();
    return { make: () => ProcessHandle.open(child.pid), signalAll: () => child.stdin.end() };
  },
];

async function timed(action) {
  const start = performance.now();
  await action();
  return performance.now() - start;
}

/** @param {number} kind an index of KINDS */
async function measureManyWaits(kind, count) {
  const { make, signal, signalAll } = KINDS[kind]();
  const targets = Array.from({ length: count }, make);
  const waits = new Array(count);
  const controllers = new Array(count);
  const wait = (index) => {
    // One each: an AbortSignal looks through all of its listeners when it gets another one.
    controllers[index] = new AbortController();
    waits[index] = waitFor(targets[index], { signal: controllers[index].signal });
    // Each of them is awaited below.
    waits[index].catch(() => {});
  };
  const startAll = () => {
    for (let index = 0; index < count; index++) wait(index);
  };

  const cpu = processMicroseconds();
  const startMs = await timed(startAll);
  const signaled = [];
  for (let turn = 0; signal && turn < SIGNALS; turn++) {
    const index = (turn * STRIDE) % count;
    signaled.push(
      await timed(() => {
        signal(targets[index]);
        return waits[index];
      }),
    );
    wait(index);
  }
  const abortMs = await timed(() => {
    for (const controller of controllers) controller.abort();
    return Promise.allSettled(waits);
  });
  startAll();
  const result = { startMs, abortMs };
  if (signal) {
    result.signaled = signaled;
    result.closeMs = await timed(() => {
      for (const target of targets) target.close();
      return Promise.allSettled(waits);
    });
  } else {
    signalAll();
    await Promise.any(waits);
    result.signaledAllMs = await timed(() => Promise.all(waits));
  }
  return { ...result, cpuMs: (processMicroseconds() - cpu) / 1000 };
}

module.exports = { measureManyWaits };
