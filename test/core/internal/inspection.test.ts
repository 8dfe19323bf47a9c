// What util.inspect() shows, and so console.log().

import { inspect } from 'node:util';
import { afterEach, expect, test } from '@jest/globals';
import {
  addPeriodicCallback,
  cancelWorkItem,
  lockPlatform,
  monitorLateness,
  ProcessHandle,
  periodicBeat,
  requestTimerResolution,
  Semaphore,
  scheduleWorkItem,
  shutdown,
  startup,
  WaitableEvent,
  WaitableTimer,
  WorkItem,
  WorkQueue,
} from 'rtworkq';

afterEach(() => shutdown());

const shown = (value: unknown): string => inspect(value, { breakLength: Number.POSITIVE_INFINITY });

test('util.inspect() shows the state, key and ref of a work item', async () => {
  const item = scheduleWorkItem(600_000, { ref: false });
  expect(shown(item)).toBe(`WorkItem { state: 'pending', key: ${item.key}n, ref: false }`);
  item.cancel();
  expect(shown({ item })).toBe(`{ item: WorkItem { state: 'cancelled', key: ${item.key}n, ref: false } }`);
});

test('util.inspect() of a work item does not make its key valid for cancelWorkItem()', async () => {
  const item = scheduleWorkItem(600_000);
  const key = BigInt(/key: (\d+)n/.exec(shown(item))?.[1] ?? '');
  expect(() => cancelWorkItem(key)).toThrow(expect.objectContaining({ code: 'RTWQ_E_NOT_FOUND' }));
  item.cancel();
});

test('util.inspect() shows the id, type and state of a work queue', async () => {
  expect(shown(WorkQueue.standard)).toBe("WorkQueue { id: 1, type: 'standard', closed: false }");
  expect(shown(WorkQueue.multithreaded)).toBe("WorkQueue { id: 5, type: 'multithreaded', closed: false }");
  expect(shown(WorkQueue.longFunction)).toBe("WorkQueue { id: 7, type: 'longFunction', closed: false }");
  const queue = WorkQueue.allocateSerial(WorkQueue.multithreaded);
  expect(shown(queue)).toBe(`WorkQueue { id: ${queue.id}, type: 'serial', closed: false }`);
  const again = WorkQueue.lock(queue.id);
  expect(again.type).toBeUndefined();
  await Promise.all([queue.close(), again.close()]);
  expect(shown(queue)).toContain('closed: true');
});

test('util.inspect() shows the properties of handles', () => {
  using event = WaitableEvent.create({ manualReset: true });
  using semaphore = Semaphore.create();
  using timer = WaitableTimer.create({ highResolution: false });
  using own = ProcessHandle.open(process.pid);
  expect(shown(event)).toBe('WaitableEvent { manualReset: true, createdNew: true, closed: false }');
  expect(shown(semaphore)).toBe('Semaphore { createdNew: true, closed: false }');
  expect(shown(timer)).toBe('WaitableTimer { highResolution: false, manualReset: false, createdNew: true, closed: false }');
  expect(shown(own)).toBe(`ProcessHandle { pid: ${process.pid}, closed: false }`);
});

test('util.inspect() shows the state of leases, callbacks, iterators and monitors', () => {
  const lease = startup();
  expect(shown(lease)).toBe('PlatformLease { held: true, locked: false }');
  lease.release();
  expect(shown(lease)).toBe('PlatformLease { held: false, locked: false }');
  using lock = lockPlatform();
  expect(shown(lock)).toBe('PlatformLease { held: true, locked: true }');
  const resolution = requestTimerResolution(10);
  expect(shown(resolution)).toBe('TimerResolutionLease { milliseconds: 10, held: true }');
  resolution.release();
  expect(shown(resolution)).toBe('TimerResolutionLease { milliseconds: 10, held: false }');
  using beat = addPeriodicCallback(() => {}, { ref: false });
  expect(shown(beat)).toBe('PeriodicCallback { removed: false, ref: false }');
  expect(shown(periodicBeat())).toBe('PeriodicBeat { over: false }');
  using event = WaitableEvent.create();
  expect(shown(event.signals())).toBe('Signals { over: false }');
  using lateness = monitorLateness();
  expect(shown(lateness)).toMatch(/^LatenessMonitor \{\s*enabled: false,\s*firing: /);
});

test('util.inspect() shows the class name of objects that only inherit from a class', () => {
  expect(shown(Object.create(WorkItem.prototype))).toBe('WorkItem');
  expect(shown(Object.create(WaitableEvent.prototype))).toBe('WaitableEvent');
});
