// Without RTWorkQ the import works, and every call but the timers says why it does not.

import assert from 'node:assert/strict';
import { isSupported, locks, Mutex, putWorkItem, scheduleWorkItem, shutdown, supportStatus, WaitableEvent, WorkQueue } from 'rtworkq';
import { setTimeout } from 'rtworkq/timers/promises';
import { check, run } from './checks.cjs';

const CODE = process.platform === 'win32' ? 'ERR_RTWORKQ_UNAVAILABLE' : 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM';

check('isSupported() is false, and supportStatus() has the code', () => {
  assert.equal(isSupported(), false);
  assert.equal(supportStatus().code, CODE);
});

check('calls throw the reason, or reject with it', async () => {
  const { reason } = supportStatus();
  const calls = [
    () => putWorkItem(),
    () => scheduleWorkItem(5),
    () => WorkQueue.allocateSerial(WorkQueue.multithreaded),
    () => WaitableEvent.create(),
    () => Mutex.create(),
    () => locks.request('a name', () => {}),
    () => shutdown(),
  ];
  for (const call of calls) await assert.rejects(async () => call(), { code: CODE, message: reason }, String(call));
});

check('timers fire', async () => {
  assert.equal(await setTimeout(2, 'value'), 'value');
});

void run();
