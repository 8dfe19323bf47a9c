// Work items, queues and the platform.

'use strict';

const assert = require('node:assert/strict');
const { addPeriodicCallback, cancelWorkItem, putWorkItem, putWorkItems, scheduleWorkItem, shutdown, startup, supportStatus, WorkQueue } =
  require('rtworkq');
const { check, run } = require('./checks.cjs');

check('the package is supported', () => assert.equal(supportStatus().reason, undefined));

check('a work item fires', async () => {
  const before = performance.now();
  const { status, firedAt } = await putWorkItem();
  assert.equal(status, 0);
  assert.ok(firedAt >= before - 1 && firedAt <= performance.now());
});

check('a thousand work items fire', async () => {
  const results = await Promise.all(Array.from({ length: 1000 }, () => putWorkItem()));
  assert.ok(results.every(({ status }) => status === 0));
  await putWorkItems(1000);
});

check('a scheduled work item is not early', async () => {
  const before = performance.now();
  const { firedAt } = await scheduleWorkItem(20);
  assert.ok(firedAt - before >= 19.9, `${firedAt - before} ms`);
});

check('a work item can be cancelled by a call, by its key and by a signal', async () => {
  const byCall = scheduleWorkItem(60_000);
  assert.equal(byCall.cancel(), true);
  await assert.rejects(byCall, { name: 'AbortError', code: 'ABORT_ERR' });
  const byKey = scheduleWorkItem(60_000);
  cancelWorkItem(byKey.key);
  await assert.rejects(byKey, { code: 'ABORT_ERR' });
  const controller = new AbortController();
  const bySignal = scheduleWorkItem(60_000, { signal: controller.signal });
  controller.abort(new Error('a reason'));
  await assert.rejects(bySignal, { code: 'ABORT_ERR', cause: controller.signal.reason });
});

check('a serial queue fires its items in order', async () => {
  const queue = WorkQueue.allocateSerial(WorkQueue.multithreaded);
  const results = await Promise.all(Array.from({ length: 50 }, () => queue.put()));
  const times = results.map(({ firedAt }) => firedAt);
  assert.deepEqual(
    times,
    times.toSorted((one, other) => one - other),
  );
  await queue.close();
});

check('the periodic callback is called until it is removed', async () => {
  const { promise, resolve } = Promise.withResolvers();
  let calls = 0;
  const beat = addPeriodicCallback(() => ++calls === 3 && resolve());
  await promise;
  beat.remove();
});

check('shutdown() settles what is pending, and the platform starts again', async () => {
  const pending = scheduleWorkItem(60_000);
  const rejected = assert.rejects(pending, { code: 'ABORT_ERR' });
  await shutdown();
  await rejected;
  startup();
  assert.equal((await putWorkItem()).status, 0);
  await shutdown();
});

void run();
