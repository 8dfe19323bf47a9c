// The package's objects behind proxies, as reactive frameworks make, and in copies. test/core/timers/wrapped.test.ts has the timers.

import { inspect } from 'node:util';
import { afterEach, describe, expect, test } from '@jest/globals';
import {
  addPeriodicCallback,
  lockPlatform,
  Mutex,
  monitorLateness,
  ProcessHandle,
  periodicBeat,
  putWaitingWorkItem,
  putWorkItem,
  requestTimerResolution,
  Semaphore,
  scheduleWorkItem,
  shutdown,
  signals,
  startup,
  WaitableEvent,
  WaitableTimer,
  WorkQueue,
  waitFor,
  waitForAll,
  waitForAny,
} from 'rtworkq';
import { scheduler } from 'rtworkq/timers/promises';
import { failureOf } from '../../support/errors';
import { COPIES, PROXIES } from '../../support/wrapped';

// biome-ignore lint/suspicious/noExplicitAny: methods are called on objects that do not have them.
type Given = any;

afterEach(() => shutdown());

describe.each([...PROXIES, ...COPIES])('%s', (_, wrap) => {
  test('of a work item is a promise that can be cancelled', async () => {
    const item = wrap(putWorkItem());
    expect((await item).status).toBe(0);
    expect((await item.then((result) => result)).status).toBe(0);
    expect((await item.finally(() => {})).status).toBe(0);
    expect((await item.completed).status).toBe(0);
    expect(item.state).toBe('fired');
    const scheduled = scheduleWorkItem(600_000);
    const other = wrap(scheduled);
    expect([other.unref(), other.hasRef(), scheduled.hasRef()]).toEqual([other, false, false]);
    expect(other.ref().hasRef()).toBe(true);
    expect(other.key).toBe(scheduled.key);
    expect(other.cancel()).toBe(true);
    expect(scheduled.state).toBe('cancelled');
    expect(await other.catch(({ code }) => code)).toBe('ABORT_ERR');
  });

  test('of a queue is that queue, also as an option', async () => {
    const real = WorkQueue.allocate('standard');
    const queue = wrap(real);
    expect([queue.id, queue.closed, queue.type]).toEqual([real.id, false, 'standard']);
    await Promise.all([queue.put(), queue.putMany(2), queue.schedule(0), queue.invoke(), putWorkItem({ queue })]);
    queue.setLongRunning(false);
    const serial = WorkQueue.allocateSerial(queue);
    const again = queue.lock();
    expect(again.id).toBe(real.id);
    await Promise.all([serial.close(), again.close()]);
    using event = WaitableEvent.create({ signaled: true });
    await queue.wait(wrap(event));
    await wrap(queue).close();
    expect([queue.closed, real.closed]).toEqual([true, true]);
    expect(() => putWorkItem({ queue })).toThrow(expect.objectContaining({ code: 'RTWQ_E_INVALID_WORKQUEUE' }));
  });

  test('of a handle is that handle, also as a target', async () => {
    const real = WaitableEvent.create();
    const event = wrap(real);
    event.set();
    expect(await waitFor(event)).toBe('signaled');
    event.set();
    expect(await event.wait()).toBe('signaled');
    event.set();
    expect(await waitForAny([event, event])).toMatchObject({ index: 0 });
    event.set();
    expect(await waitForAll([event])).toBe('signaled');
    event.set();
    expect((await putWaitingWorkItem(event)).status).toBe(0);
    for (const iterator of [event.signals(), signals(event), event[Symbol.asyncIterator]()]) {
      const ticks = wrap(iterator);
      event.set();
      expect((await ticks.next()).value).toHaveProperty('firedAt');
      expect(await ticks.return?.()).toEqual({ done: true, value: undefined });
    }
    event.reset();
    expect(event.handle > 0n).toBe(true);
    expect(event.closed).toBe(false);
    event.close();
    expect([event.closed, real.closed]).toEqual([true, true]);
  });

  test('of a semaphore, a timer, a mutex and a process has their methods', async () => {
    using semaphore = wrap(Semaphore.create());
    expect(semaphore.release(2)).toBe(0);
    expect((await semaphore.signals().next()).done).toBe(false);
    using timer = wrap(WaitableTimer.create());
    timer.set(1, { period: 5 });
    expect(timer.resumes).toBe(false);
    expect((await timer.signals().next()).value).toMatchObject({ missed: expect.any(Number) });
    timer.cancel();
    using mutex = wrap(Mutex.create());
    const lock = wrap(await mutex.acquire());
    expect([lock.released, lock.abandoned]).toEqual([false, false]);
    lock.release();
    expect(lock.released).toBe(true);
    using own = wrap(ProcessHandle.open(process.pid));
    expect(own.exitCode).toBeUndefined();
    expect(own.createdAt).toBeInstanceOf(Date);
    expect(() => own.terminate('no' as Given)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }));
  });

  test('of a lease, a callback, an iterator or a monitor has its methods', async () => {
    for (const lease of [startup(), lockPlatform(), requestTimerResolution(10)]) {
      wrap(lease).release();
      expect(inspect(lease)).toContain('held: false');
    }
    const callback = wrap(addPeriodicCallback(() => {}));
    expect(callback.unref().hasRef()).toBe(false);
    expect([callback.ref().hasRef(), callback.remove(), callback.remove()]).toEqual([true, true, false]);
    const beat = wrap(periodicBeat());
    expect((await beat.next()).value).toHaveProperty('missed');
    await beat[Symbol.asyncDispose]();
    const monitor = wrap(monitorLateness());
    expect([monitor.enable(), monitor.enable(), monitor.disable()]).toEqual([true, false, true]);
    monitor.reset();
    await wrap(scheduler).wait(1);
  });

  test('is shown as the object', () => {
    using event = WaitableEvent.create();
    expect(inspect(wrap(event))).toBe(inspect(event));
  });
});

/** Objects of all classes, with the functions that end them. */
const OBJECTS: [string, () => [object, () => unknown]][] = [
  ['a work item', () => [putWorkItem(), () => {}]],
  ['a queue', () => [WorkQueue.standard, () => {}]],
  ...([WaitableEvent, Semaphore, WaitableTimer, Mutex] as const).map((type): [string, () => [object, () => void]] => [
    `a ${type.name}`,
    () => {
      const handle = type.create();
      return [handle, () => handle.close()];
    },
  ]),
  ['a platform lease', () => [startup(), () => {}]],
  ['a periodic callback', () => [addPeriodicCallback(() => {}, { ref: false }), () => {}]],
  ['an iterator', () => [periodicBeat(), () => {}]],
  ['a lateness monitor', () => [monitorLateness(), () => {}]],
];

/** The public methods and getters of an object's classes. */
function membersOf(object: object): [string, () => unknown][] {
  const found: [string, () => unknown][] = [];
  for (let type = Object.getPrototypeOf(object); type !== Object.prototype; type = Object.getPrototypeOf(type)) {
    for (const [name, { get, value }] of Object.entries(Object.getOwnPropertyDescriptors(type))) {
      if (name !== 'constructor') found.push([name, (get ?? value) as () => unknown]);
    }
  }
  return found;
}

describe.each(OBJECTS)('the methods and getters of %s', (_, make) => {
  test('throw an error that names the object if they are called on another', async () => {
    const [object, end] = make();
    // Not for users: they end what the object stands for when the platform ends.
    const members = membersOf(object).filter(([name]) => !['take', 'end', 'over', 'dispose', 'pending'].includes(name));
    expect(members).not.toHaveLength(0);
    for (const [name, member] of members) {
      for (const other of [{}, Object.create(Object.getPrototypeOf(object)), new Proxy({}, {})]) {
        const error = await failureOf(async () => member.call(other));
        expect([name, error.code]).toEqual([name, expect.stringMatching(/^ERR_INVALID_(THIS|ARG_TYPE|ARG_VALUE)$/)]);
        // An argument may be checked first.
        expect(error.message).toMatch(/ Received (an instance of \w+|undefined)$|options/);
      }
    }
    end();
  });
});

test('a proxy whose traps close the other target of a wait does not make it wait for another handle', async () => {
  using closed = WaitableEvent.create();
  using other = WaitableEvent.create();
  const trapped = new Proxy(other, {
    get(target, name) {
      closed.close();
      return Reflect.get(target, name);
    },
  });
  expect(await failureOf(() => waitForAny([closed, trapped]))).toMatchObject({ code: 'E_HANDLE' });
});

test('a revoked proxy is not taken for an object of the package', async () => {
  const { proxy, revoke } = Proxy.revocable(WaitableEvent.create(), {});
  revoke();
  expect(await failureOf(() => waitFor(proxy))).toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' });
});
