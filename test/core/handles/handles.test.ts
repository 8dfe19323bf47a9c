import { afterAll, describe, expect, test } from '@jest/globals';
import {
  type Occurrence,
  ProcessHandle,
  putWaitingWorkItem,
  RtwqError,
  Semaphore,
  shutdown,
  WaitableEvent,
  WaitableTimer,
  WaitHandle,
  waitFor,
} from 'rtworkq';
import { endedBy, failureOf } from '../../support/errors';
import { leastGrowth } from '../../support/handles';
import { uniqueName } from '../../support/name';
import { LIMIT, settled, sleep } from '../../support/time';

afterAll(() => shutdown());

const rtwqError = (code: string, syscall: string): unknown => expect.objectContaining({ name: 'RtwqError', code, syscall });

const kinds = [
  { kind: 'WaitableEvent', type: WaitableEvent, create: 'CreateEventExW', open: 'OpenEventW' },
  { kind: 'Semaphore', type: Semaphore, create: 'CreateSemaphoreExW', open: 'OpenSemaphoreW' },
  { kind: 'WaitableTimer', type: WaitableTimer, create: 'CreateWaitableTimerExW', open: 'OpenWaitableTimerW' },
] as const;

describe.each(kinds)('$kind', ({ type, create, open }) => {
  test('is created once per name, and opened after that', () => {
    const name = uniqueName();
    using first = type.create({ name });
    using second = type.create({ name });
    using third = type.open(name);
    expect([first.createdNew, second.createdNew, third.createdNew]).toEqual([true, false, false]);
    for (const each of [first, second, third]) {
      expect(each).toBeInstanceOf(type);
      expect(each).toBeInstanceOf(WaitHandle);
    }
    expect(new Set([first.handle, second.handle, third.handle]).size).toBe(3);
  });

  test('is new each time if it has no name', () => {
    using first = type.create();
    using second = type.create({ name: undefined });
    expect([first.createdNew, second.createdNew]).toEqual([true, true]);
  });

  test('is gone when its last handle is closed', () => {
    const name = uniqueName();
    type.create({ name }).close();
    expect(() => type.open(name)).toThrow(rtwqError('ERROR_FILE_NOT_FOUND', open));
    expect(() => type.open(name)).toThrow('There is no object with this name.');
    using again = type.create({ name });
    expect(again.createdNew).toBe(true);
  });

  test('fails if another kind of object has the name', () => {
    for (const other of kinds) {
      if (other.type === type) continue;
      const name = uniqueName();
      using _other = other.type.create({ name });
      expect(() => type.create({ name })).toThrow(rtwqError('E_HANDLE', create));
      expect(() => type.open(name)).toThrow(rtwqError('E_HANDLE', open));
      expect(() => type.open(name)).toThrow('An object of another kind already has this name.');
    }
  });

  test('has case-sensitive Unicode names', () => {
    const name = uniqueName();
    using _lower = type.create({ name: `${name}-grün-日本` });
    using upper = type.create({ name: `${name}-GRÜN-日本` });
    using same = type.open(`${name}-grün-日本`);
    expect([upper.createdNew, same.createdNew]).toEqual([true, false]);
  });

  test('has a handle until it is closed, and can be closed again', () => {
    const object = type.create();
    expect(typeof object.handle).toBe('bigint');
    expect(object.handle).toBeGreaterThan(0n);
    expect(object.handle).toBe(object.handle);
    expect(object.closed).toBe(false);
    object.close();
    object.close();
    object[Symbol.dispose]();
    expect(object.closed).toBe(true);
  });

  test('is closed at the end of a `using` scope', () => {
    let outer: WaitHandle;
    {
      using object = type.create();
      outer = object;
      expect(outer.closed).toBe(false);
    }
    expect(outer.closed).toBe(true);
  });

  test('can only be created by its static methods', () => {
    const Constructor = type as unknown as new (...args: unknown[]) => WaitHandle;
    const args = [[], [Symbol('key'), {}], [Symbol('key'), { environment: {}, out: [1, 1, 1] }]];
    for (const each of args) expect(() => new Constructor(...each)).toThrow(expect.objectContaining({ code: 'ERR_ILLEGAL_CONSTRUCTOR' }));
  });

  test('leaks no handle when it is created and closed 1,000 times', async () => {
    const makeAll = (): void => {
      for (let round = 0; round < 1_000; round++) type.create({ name: uniqueName() }).close();
    };
    expect(await leastGrowth(100, makeAll)).toBeLessThan(100);
  });
});

test('WaitHandle cannot be constructed', () => {
  const Constructor = WaitHandle as unknown as new (...args: unknown[]) => WaitHandle;
  expect(() => new Constructor()).toThrow(expect.objectContaining({ code: 'ERR_ILLEGAL_CONSTRUCTOR' }));
});

describe('a closed handle', () => {
  const event = WaitableEvent.create();
  const semaphore = Semaphore.create();
  const timer = WaitableTimer.create();
  const process_ = ProcessHandle.open(process.pid);
  for (const each of [event, semaphore, timer, process_]) each.close();

  test.each([
    ['WaitableEvent.set', 'SetEvent', () => event.set()],
    ['WaitableEvent.reset', 'ResetEvent', () => event.reset()],
    ['WaitableEvent.handle', 'DuplicateHandle', () => event.handle],
    ['Semaphore.release', 'ReleaseSemaphore', () => semaphore.release()],
    ['Semaphore.handle', 'DuplicateHandle', () => semaphore.handle],
    ['WaitableTimer.set', 'SetWaitableTimer', () => timer.set(1)],
    ['WaitableTimer.cancel', 'CancelWaitableTimer', () => timer.cancel()],
    ['WaitableTimer.handle', 'DuplicateHandle', () => timer.handle],
    ['ProcessHandle.exitCode', 'GetExitCodeProcess', () => process_.exitCode],
    ['ProcessHandle.handle', 'DuplicateHandle', () => process_.handle],
    ['putWaitingWorkItem', 'RtwqPutWaitingWorkItem', () => putWaitingWorkItem(event)],
    ['waitFor', 'WaitForMultipleObjects', () => waitFor(semaphore)],
    ['waitFor with a timeout', 'WaitForMultipleObjects', () => waitFor(timer, { timeout: 0 })],
  ])('makes %s fail with E_HANDLE', async (_, syscall, call) => {
    const error = await failureOf(call);
    expect(error).toBeInstanceOf(RtwqError);
    expect(error).toMatchObject({ code: 'E_HANDLE', syscall });
    expect(error.message).toContain('The handle has been closed.');
    expect(String(error.stack).split('\n')[1]).toContain('handles.test');
  });

  test('does not close a newer handle in its slot when it is closed again', () => {
    const first = WaitableEvent.create();
    first.close();
    using second = WaitableEvent.create();
    first.close();
    expect(() => first.set()).toThrow(rtwqError('E_HANDLE', 'SetEvent'));
    second.set();
  });
});

describe('WaitableEvent', () => {
  test.each([true, false])('reports manualReset of the existing event: %p', (manualReset) => {
    const name = uniqueName();
    using made = WaitableEvent.create({ name, manualReset });
    // An existing event keeps its kind.
    using found = WaitableEvent.create({ name, manualReset: !manualReset });
    using opened = WaitableEvent.open(name);
    expect([made, found, opened].map((each) => each.manualReset)).toEqual([manualReset, manualReset, manualReset]);
  });

  test('is not signaled at first, unless it is created with signaled: true', async () => {
    using event = WaitableEvent.create();
    using signaled = WaitableEvent.create({ signaled: true });
    expect(await waitFor(event, { timeout: 0 })).toBe('timeout');
    expect(await waitFor(signaled, { timeout: 0 })).toBe('signaled');
    expect(await waitFor(signaled, { timeout: 0 })).toBe('timeout');
  });

  test('set() twice is one signal, and reset() clears it', async () => {
    using event = WaitableEvent.create();
    event.set();
    event.set();
    expect(await waitFor(event, { timeout: 0 })).toBe('signaled');
    expect(await waitFor(event, { timeout: 0 })).toBe('timeout');
    event.set();
    event.reset();
    event.reset();
    expect(await waitFor(event, { timeout: 0 })).toBe('timeout');
  });

  test('stays signaled until reset() if it is manual-reset', async () => {
    using event = WaitableEvent.create({ manualReset: true });
    event.set();
    expect(await waitFor(event, { timeout: 0 })).toBe('signaled');
    expect(await waitFor(event)).toBe('signaled');
    event.reset();
    expect(await waitFor(event, { timeout: 0 })).toBe('timeout');
  });

  test('keeps its state when create() finds it by name', async () => {
    const name = uniqueName();
    using first = WaitableEvent.create({ name });
    using second = WaitableEvent.create({ name, signaled: true });
    expect(await waitFor(second, { timeout: 0 })).toBe('timeout');
    first.set();
    expect(await waitFor(second, { timeout: 0 })).toBe('signaled');
  });
});

describe('Semaphore', () => {
  test('release() returns the previous count', async () => {
    using semaphore = Semaphore.create({ initial: 2 });
    expect(semaphore.release()).toBe(2);
    expect(semaphore.release(5)).toBe(3);
    expect(await waitFor(semaphore, { timeout: 0 })).toBe('signaled');
    expect(semaphore.release()).toBe(7);
  });

  test('lets through as many waits as its count', async () => {
    using semaphore = Semaphore.create({ initial: 1 });
    semaphore.release(2);
    for (let count = 0; count < 3; count++) expect(await waitFor(semaphore, { timeout: 0 })).toBe('signaled');
    expect(await waitFor(semaphore, { timeout: 0 })).toBe('timeout');
  });

  test('throws if release() would exceed its maximum, and keeps its count', () => {
    const name = uniqueName();
    using semaphore = Semaphore.create({ name, initial: 3, maximum: 4 });
    expect(() => semaphore.release(2)).toThrow(rtwqError('ERROR_TOO_MANY_POSTS', 'ReleaseSemaphore'));
    using opened = Semaphore.open(name);
    expect(opened.release()).toBe(3);
    expect(() => opened.release()).toThrow(rtwqError('ERROR_TOO_MANY_POSTS', 'ReleaseSemaphore'));
  });

  test('counts up to 2 ** 31 - 1', () => {
    using semaphore = Semaphore.create();
    expect(semaphore.release(2 ** 31 - 1)).toBe(0);
    expect(() => semaphore.release()).toThrow(rtwqError('ERROR_TOO_MANY_POSTS', 'ReleaseSemaphore'));
  });
});

describe('WaitableTimer', () => {
  // Windows times these by a different clock than performance.now(): a timer that counts in ticks may be a tick early.
  const tolerance = ({ highResolution }: WaitableTimer): number => (highResolution ? 1 : 16);

  test.each([0, 0.5, 2.5, 20, 50])('does not fire early: %d ms', async (milliseconds) => {
    using timer = WaitableTimer.create();
    for (let round = 0; round < 10; round++) {
      const from = performance.now();
      timer.set(milliseconds);
      const { firedAt } = await putWaitingWorkItem(timer);
      expect(firedAt - from).toBeGreaterThanOrEqual(milliseconds - tolerance(timer));
    }
  });

  test('reports highResolution if it was created here, not if it was opened', () => {
    const name = uniqueName();
    using timer = WaitableTimer.create({ name });
    expect(timer.highResolution).toBe(false);
    using opened = WaitableTimer.open(name);
    using nameless = WaitableTimer.create();
    expect(typeof nameless.highResolution).toBe('boolean');
    using plain = WaitableTimer.create({ highResolution: false });
    expect(plain.highResolution).toBe(false);
    expect(opened.highResolution).toBeUndefined();
  });

  test('is not signaled until it is set, and then fires once', async () => {
    using timer = WaitableTimer.create();
    expect(await waitFor(timer, { timeout: 20 })).toBe('timeout');
    timer.set(1);
    expect(await waitFor(timer)).toBe('signaled');
    expect(await waitFor(timer, { timeout: 40 })).toBe('timeout');
  });

  test('can be set again before it fires', async () => {
    using timer = WaitableTimer.create();
    timer.set(60_000);
    timer.set(1);
    expect(await waitFor(timer, { timeout: LIMIT })).toBe('signaled');
  });

  test('cancel() stops it, but keeps a signal that has already arrived', async () => {
    using timer = WaitableTimer.create({ manualReset: true });
    // Repeats until the cancel comes in time.
    let setAt: number;
    do {
      setAt = performance.now();
      timer.set(200);
      timer.cancel();
    } while (performance.now() - setAt > 150);
    expect(await waitFor(timer, { timeout: 300 })).toBe('timeout');
    timer.set(1);
    await waitFor(timer);
    timer.cancel();
    expect(await waitFor(timer, { timeout: 0 })).toBe('signaled');
  });

  test('stays signaled until it is set again if it is manual-reset', async () => {
    using timer = WaitableTimer.create({ manualReset: true });
    timer.set(1);
    for (let round = 0; round < 3; round++) expect(await waitFor(timer)).toBe('signaled');
    timer.set(60_000);
    expect(await waitFor(timer, { timeout: 0 })).toBe('timeout');
  });

  test('fires every period until it is cancelled', async () => {
    // The first versions of Windows with high-resolution timers reject a period for them.
    using timer = WaitableTimer.create({ highResolution: false });
    const from = performance.now();
    timer.set(5, { period: 20 });
    let last = 0;
    for (let beat = 0; beat < 5; beat++) last = (await putWaitingWorkItem(timer)).firedAt;
    expect(last - from).toBeGreaterThanOrEqual(5 + 4 * 20 - tolerance(timer));
    timer.cancel();
    // A signal may have arrived in between.
    await waitFor(timer, { timeout: 0 });
    expect(await waitFor(timer, { timeout: 60 })).toBe('timeout');
  });

  test('accepts the longest delay and period', async () => {
    using timer = WaitableTimer.create();
    timer.set(2 ** 39);
    expect(await waitFor(timer, { timeout: 1 })).toBe('timeout');
    using periodic = WaitableTimer.create({ highResolution: false });
    periodic.set(1_000_000, { period: 2 ** 31 - 1 });
    expect(await waitFor(periodic, { timeout: 1 })).toBe('timeout');
  });
});

describe('WaitableEvent.signals', () => {
  test('yields each of 100 signals that are set and awaited in turn', async () => {
    using event = WaitableEvent.create();
    const signals = event.signals();
    let last = 0;
    for (let round = 0; round < 100; round++) {
      const next = signals.next();
      event.set();
      const { done, value } = await next;
      expect(done).toBe(false);
      expect((value as Occurrence).firedAt).toBeGreaterThanOrEqual(last);
      last = (value as Occurrence).firedAt;
    }
    await signals.return?.();
    expect(await waitFor(event, { timeout: 0 })).toBe('timeout');
  });

  test('yields a signal that was set before it was iterated', async () => {
    using event = WaitableEvent.create({ signaled: true });
    for await (const { firedAt, missed } of event) {
      expect(firedAt).toBeLessThanOrEqual(performance.now());
      expect(missed).toBeUndefined();
      break;
    }
    event.set();
    expect(await event.signals().next()).toMatchObject({ done: false });
  });

  test('leaves no wait pending after break', async () => {
    using event = WaitableEvent.create({ signaled: true });
    for await (const _signal of event.signals()) break;
    // A leftover wait would consume this signal.
    event.set();
    await sleep(20);
    expect(await waitFor(event, { timeout: 0 })).toBe('signaled');
  });

  test('return() ends pending next() calls', async () => {
    using event = WaitableEvent.create();
    const signals = event.signals();
    const pending = [signals.next(), signals.next()];
    expect(await signals.return?.()).toEqual({ done: true, value: undefined });
    expect(await Promise.all(pending)).toEqual([
      { done: true, value: undefined },
      { done: true, value: undefined },
    ]);
    expect(await signals.next()).toEqual({ done: true, value: undefined });
    event.set();
    expect(await waitFor(event, { timeout: 0 })).toBe('signaled');
  });

  test('ends when the event is closed', async () => {
    const event = WaitableEvent.create();
    const seen: unknown[] = [];
    const iteration = (async () => {
      for await (const occurrence of event) if (seen.push(occurrence) === 2) event.close();
    })();
    event.set();
    while (seen.length < 1) await sleep(1);
    expect(await settled(iteration)).toBe(false);
    event.set();
    await iteration;
    expect(seen).toHaveLength(2);
    expect(await event.signals().next()).toEqual({ done: true, value: undefined });

    const other = WaitableEvent.create();
    const next = other.signals().next();
    other.close();
    expect(await next).toEqual({ done: true, value: undefined });
  });

  test('rejects once on abort', async () => {
    using event = WaitableEvent.create();
    const controller = new AbortController();
    const signals = event.signals({ signal: controller.signal });
    const next = signals.next();
    controller.abort('enough');
    await expect(next).rejects.toMatchObject({ name: 'AbortError', code: 'ABORT_ERR', cause: 'enough' });
    expect(await signals.next()).toEqual({ done: true, value: undefined });
    await expect(event.signals({ signal: controller.signal }).next()).rejects.toMatchObject({ code: 'ABORT_ERR', cause: 'enough' });
  });

  test('rejects on shutdown()', async () => {
    using event = WaitableEvent.create();
    const next = event.signals().next();
    const down = shutdown();
    await expect(next).rejects.toEqual(endedBy('RTWQ_E_SHUTDOWN', 'RtwqShutdown'));
    await down;
  });

  test('throws for a manual-reset event', () => {
    using event = WaitableEvent.create({ manualReset: true });
    const invalid = expect.objectContaining({
      name: 'TypeError',
      code: 'ERR_INVALID_STATE',
      message: expect.stringContaining('never stop'),
    });
    expect(() => event.signals()).toThrow(invalid);
    expect(() => event[Symbol.asyncIterator]()).toThrow(invalid);
  });
});

test('waits leak no handle, however they end', async () => {
  using event = WaitableEvent.create();
  using set = WaitableEvent.create({ manualReset: true, signaled: true });
  const round = async (count: number): Promise<void> => {
    const pending = Array.from({ length: count }, () => putWaitingWorkItem(event));
    await Promise.all(Array.from({ length: count }, () => putWaitingWorkItem(set)));
    await Promise.all(Array.from({ length: count }, () => waitFor(event, { timeout: 1 })));
    for (const item of pending) item.cancel();
    await shutdown();
  };
  // The last callbacks of a round may not have left RTWorkQ yet.
  expect(await leastGrowth(40, () => round(400))).toBeLessThan(40);
});
