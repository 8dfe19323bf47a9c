// Tests of a function that waits for another program. They run on every system, because Windows is simulated, and take
// milliseconds, because the tests move the time.
//
//   node --test simulated-test.mjs

import assert from 'node:assert';
import { test } from 'node:test';
import { WaitableEvent, waitFor, waitForProcessExit } from 'rtworkq';
import { simulate } from 'rtworkq/testing';

/**
 * Tells how a helper program is doing: it sets an event when it is ready.
 * @param {number} pid
 * @returns {Promise<string>}
 */
async function stateOf(pid) {
  const ready = WaitableEvent.create({ name: 'Local\\my-helper-ready' });
  const stop = new AbortController();
  const { signal } = stop;
  try {
    return await Promise.race([
      waitFor(ready, { timeout: 30_000, signal }).then((result) => (result === 'signaled' ? 'ready' : 'slow')),
      waitForProcessExit(pid, { signal }).then((code) => `ended with ${code}`),
    ]);
  } finally {
    stop.abort();
    ready.close();
  }
}

test('it is ready when it sets the event', async (t) => {
  const sim = simulate();
  t.after(() => sim.end());
  const helper = sim.startProcess();
  const state = stateOf(helper.pid);
  await sim.advance(29_999);
  helper.setEvent('Local\\my-helper-ready');
  assert.equal(await state, 'ready');
});

test('it is slow after half a minute', async (t) => {
  const sim = simulate();
  t.after(() => sim.end());
  const state = stateOf(sim.startProcess().pid);
  await sim.advance(30_000);
  assert.equal(await state, 'slow');
});

test('it may end instead', async (t) => {
  const sim = simulate();
  t.after(() => sim.end());
  const helper = sim.startProcess();
  const state = stateOf(helper.pid);
  helper.exit(1);
  assert.equal(await state, 'ended with 1');
});
