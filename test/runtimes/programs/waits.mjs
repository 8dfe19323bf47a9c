// Waits, locks and processes, in an ES module.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import {
  locks,
  Mutex,
  ProcessHandle,
  Semaphore,
  shutdown,
  WaitableEvent,
  WaitableTimer,
  waitFor,
  waitForAll,
  waitForAny,
  waitForProcessExit,
} from 'rtworkq';
import { check, run } from './checks.cjs';

const uniqueName = () => `Local\\rtworkq-${process.pid}-${Math.random().toString(36).slice(2)}`;

check('a wait ends when its event is set, and when its timeout passes', async () => {
  const event = WaitableEvent.create();
  assert.equal(await waitFor(event, { timeout: 5 }), 'timeout');
  const wait = waitFor(event);
  event.set();
  assert.equal(await wait, 'signaled');
  event.close();
});

check('a wait that is aborted takes no signal', async () => {
  const event = WaitableEvent.create();
  const controller = new AbortController();
  const wait = waitFor(event, { signal: controller.signal });
  controller.abort();
  await assert.rejects(wait, { code: 'ABORT_ERR' });
  event.set();
  assert.equal(await waitFor(event, { timeout: 1000 }), 'signaled');
  event.close();
});

check('waits for any and for all of several handles end', async () => {
  const handles = [WaitableEvent.create(), Semaphore.create({ initial: 0, maximum: 2 }), WaitableTimer.create()];
  const [event, semaphore, timer] = handles;
  const any = waitForAny(handles);
  semaphore.release();
  assert.equal((await any).index, 1);
  const all = waitForAll(handles);
  event.set();
  semaphore.release();
  timer.set(2);
  assert.equal(await all, 'signaled');
  for (const handle of handles) handle.close();
});

check('more than 64 handles can be waited for', async () => {
  const events = Array.from({ length: 100 }, () => WaitableEvent.create());
  const any = waitForAny(events);
  events[99].set();
  assert.equal((await any).index, 99);
  for (const event of events) event.close();
});

check('signals can be iterated', async () => {
  const event = WaitableEvent.create({ signaled: true });
  let count = 0;
  for await (const _ of event.signals()) {
    if (++count === 3) break;
    event.set();
  }
  assert.equal(count, 3);
  event.close();
});

check("a process's exit code is known", async () => {
  const { pid } = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  assert.equal(await waitForProcessExit(pid), 0);
});

check('this process can be opened by its id, and has not ended', async () => {
  const own = ProcessHandle.open(process.pid);
  assert.equal(await waitFor(own, { timeout: 1 }), 'timeout');
  own.close();
});

check('a mutex has one owner at a time', async () => {
  const name = uniqueName();
  const [one, other] = [Mutex.create({ name }), Mutex.open(name)];
  const lock = await one.acquire();
  const second = other.acquire();
  lock.release();
  (await second).release();
  one.close();
  other.close();
});

check('locks.request() runs one function at a time', async () => {
  const name = uniqueName();
  let inside = 0;
  const request = () =>
    locks.request(name, async () => {
      assert.equal(++inside, 1);
      await new Promise((done) => setTimeout(done, 2));
      inside--;
    });
  await Promise.all([request(), request(), request()]);
});

check('shutdown() ends', shutdown);

void run();
