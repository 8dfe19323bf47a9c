// The timers, on Windows and elsewhere.

'use strict';

const assert = require('node:assert/strict');
const timers = require('rtworkq/timers');
const promises = require('rtworkq/timers/promises');
const { check, run } = require('./checks.cjs');

const isDeno = 'deno' in process.versions;
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const never = () => assert.fail('a cleared timer fired');

check('timers fire in the order of their deadlines, not early', async () => {
  const order = [];
  await Promise.all(
    [12, 4, 8, 0.5].map(
      (delay) =>
        new Promise((done) => {
          // The machine may stall between two calls, so only these bounds of a deadline are known.
          const earliest = performance.now() + delay;
          const timer = {};
          timers.setTimeout(() => {
            order.push(timer);
            assert.ok(performance.now() >= earliest - 0.1);
            done();
          }, delay);
          Object.assign(timer, { delay, earliest, latest: performance.now() + delay });
        }),
    ),
  );
  for (const [index, { earliest }] of order.entries()) {
    assert.deepEqual(
      order.slice(index + 1).filter(({ latest }) => latest < earliest),
      [],
      JSON.stringify(order),
    );
  }
});

check('timers pass arguments, restart and stop', async () => {
  assert.deepEqual(await new Promise((done) => timers.setTimeout((...args) => done(args), 1, 'one', 2)), ['one', 2]);
  let fired = 0;
  const { promise, resolve } = Promise.withResolvers();
  const interval = timers.setInterval(() => {
    if (++fired === 3) resolve();
  }, 2);
  await promise;
  timers.clearInterval(interval);
  await sleep(20);
  assert.equal(fired, 3);
  const again = timers.setTimeout(() => fired++, 1);
  await sleep(20);
  again.refresh();
  await sleep(50);
  assert.equal(fired, 5);
});

check('promises of timers resolve, reject and repeat', async () => {
  assert.equal(await promises.setTimeout(2.5, 'value'), 'value');
  await assert.rejects(promises.setTimeout(60_000, undefined, { signal: AbortSignal.timeout(2) }), { code: 'ABORT_ERR' });
  let ticks = 0;
  for await (const _ of promises.setInterval(2)) if (++ticks === 3) break;
  assert.equal(ticks, 3);
});

check('timers have different numbers, and a number clears its own timer', async () => {
  const fired = [];
  const three = ['a', 'b', 'c'].map((name) => timers.setTimeout(() => fired.push(name), 20));
  const numbers = three.map(Number);
  assert.equal(new Set(numbers).size, 3);
  timers.clearTimeout(numbers[0]);
  timers.clearTimeout(String(numbers[2]));
  await sleep(100);
  assert.deepEqual(fired, ['b']);
});

check("clearTimeout() of rtworkq/timers clears the runtime's timers too", async () => {
  timers.clearTimeout(setTimeout(never, 10));
  timers.clearInterval(setInterval(never, 10));
  timers.clearTimeout(Number(setTimeout(never, 10)));
  await sleep(50);
});

// As docs/support.md says. In Deno a timer of its own may have the same number.
check('only Node has a global clearTimeout() that clears these timers', async () => {
  let fired = false;
  const timer = timers.setTimeout(() => {
    fired = true;
  }, 20);
  clearTimeout(timer);
  await sleep(100);
  assert.equal(fired, isDeno || 'bun' in process.versions);
});

check("the global clearTimeout() clears none of the runtime's own timers by mistake", async () => {
  const own = Array.from({ length: 50 }, () => timers.setTimeout(never, 60_000));
  for (const timer of own) Number(timer);
  let fired = 0;
  const others = Array.from({ length: 200 }, () => setTimeout(() => fired++, 50));
  for (const timer of own) clearTimeout(timer);
  for (const timer of own) timers.clearTimeout(timer);
  await sleep(200);
  assert.equal(fired, others.length);
});

/** Calls a function with `depth` frames above it. */
function deep(depth, action) {
  if (depth > 0) deep(depth - 1, action);
  else action();
}

/** The deepest stack that still has room for a call. */
function findDepth() {
  let [fits, overflows] = [100, 100_000];
  while (overflows - fits > 1) {
    const middle = Math.floor((fits + overflows) / 2);
    try {
      deep(middle, () => {});
      fits = middle;
    } catch {
      overflows = middle;
    }
  }
  return fits;
}

check('timers fire after one was started with a nearly full stack', async () => {
  const limit = findDepth();
  let pending = 0;
  // Each is due before the ones that were started before it, so it sets the alarm.
  for (let depth = limit - 60, delay = 500; depth <= limit; depth++, delay -= 5) {
    try {
      deep(depth, () => {
        timers.setTimeout(() => pending--, delay);
        pending++;
      });
    } catch (error) {
      assert.ok(error instanceof RangeError, error);
    }
    await new Promise((done) => timers.setTimeout(done, 1));
  }
  while (pending > 0) await sleep(10);
});

check('an exception from a timer is uncaught, and the other timers fire', async () => {
  const thrown = new Error('thrown on purpose');
  const caught = new Promise((done) => process.once('uncaughtException', done));
  const other = new Promise((done) => timers.setTimeout(done, 3));
  timers.setTimeout(() => {
    throw thrown;
  }, 1);
  assert.equal(await caught, thrown);
  await other;
});

check('a timer keeps its async context', async () => {
  const { AsyncLocalStorage } = require('node:async_hooks');
  const storage = new AsyncLocalStorage();
  const { promise, resolve } = Promise.withResolvers();
  storage.run('its own', () => timers.setTimeout(() => resolve(storage.getStore()), 1));
  assert.equal(await promise, 'its own');
});

check('a timer that is not referenced lets the process end', () => {
  const timer = timers.setTimeout(never, 60_000).unref();
  assert.equal(timer.hasRef(), false);
});

void run();
