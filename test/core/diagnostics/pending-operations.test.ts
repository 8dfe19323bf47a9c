// Which operations are pending, and where they were started.

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  addPeriodicCallback,
  invokeCallback,
  type PendingOperation,
  pendingOperations,
  periodicBeat,
  putWaitingWorkItem,
  putWorkItem,
  putWorkItems,
  scheduleWorkItem,
  shutdown,
  startup,
  traceOperations,
  WaitableEvent,
  WorkQueue,
  waitFor,
  waitForAll,
  waitForAny,
  waitForProcessExit,
} from 'rtworkq';
import { setTimeout as callLater, clearTimeout, setInterval as repeat } from 'rtworkq/timers';
import { setInterval, setTimeout, sleepUntil } from 'rtworkq/timers/promises';
import { runCode } from '../../support/child';
import { queueMmcssTest } from '../../support/mmcss';
import { uniqueName } from '../../support/name';
import { LIMIT, spin, spinUntil } from '../../support/time';
import { loadWorkAddon } from '../../support/work-addon';

const LONG = 600_000;
const mmcss = queueMmcssTest();

let event: WaitableEvent;
const begun: Promise<unknown>[] = [];

beforeEach(() => {
  event = WaitableEvent.create();
});

/** Expects nothing to be pending. Operations that have fired reach JavaScript in a later turn. */
async function expectNonePending(): Promise<void> {
  const limit = performance.now() + LIMIT;
  while (pendingOperations().length > 0 && performance.now() < limit) await new Promise(setImmediate);
  expect(pendingOperations()).toEqual([]);
}

afterEach(async () => {
  traceOperations(false);
  const ended = shutdown();
  event.close();
  await Promise.allSettled([ended, ...begun.splice(0)]);
  await expectNonePending();
});

/** Takes a promise that rejects at the end of the test. */
const keep = <T>(promise: PromiseLike<T>): PromiseLike<T> => {
  begun.push(
    promise.then(
      () => {},
      () => {},
    ) as Promise<void>,
  );
  return promise;
};

const STARTS: [kind: string, start: () => unknown, more: object][] = [
  ['scheduleWorkItem', () => scheduleWorkItem(LONG), { queue: 1, key: expect.any(BigInt) }],
  ['scheduleWorkItem', () => WorkQueue.multithreaded.schedule(LONG, { ref: false }), { queue: 5, ref: false, key: expect.any(BigInt) }],
  ['putWorkItem', () => putWorkItem(), { queue: 1 }],
  ['putWorkItem', () => WorkQueue.multithreaded.put(), { queue: 5 }],
  ['putWorkItems', () => putWorkItems(3), { queue: 1 }],
  ['invokeCallback', () => invokeCallback(), { queue: 1 }],
  ['putWaitingWorkItem', () => putWaitingWorkItem(event), { queue: 1, key: expect.any(BigInt) }],
  ['waitFor', () => keep(waitFor(event)), {}],
  ['waitFor', () => keep(waitFor(event, { timeout: LONG, ref: false })), { ref: false }],
  ['waitForAny', () => keep(waitForAny([event])), {}],
  ['waitForAll', () => keep(waitForAll([event], { timeout: LONG })), {}],
  ['waitForProcessExit', () => keep(waitForProcessExit(process.pid)), {}],
  ['signals', () => keep(event.signals().next()), {}],
  ['addPeriodicCallback', () => addPeriodicCallback(() => {}), {}],
  ['periodicBeat', () => keep(periodicBeat({ ref: false }).next()), { ref: false }],
];

const TIMERS: [kind: string, start: () => () => void, more: object][] = [
  ['setTimeout', () => end(callLater(() => {}, LONG)), {}],
  ['setTimeout', () => end(callLater(() => {}, LONG).unref()), { ref: false }],
  ['setInterval', () => end(repeat(() => {}, LONG)), {}],
  ['setTimeout', () => aborted((options) => setTimeout(LONG, undefined, options)), {}],
  ['sleepUntil', () => aborted((options) => sleepUntil(performance.now() + LONG, options)), {}],
  ['setInterval', () => aborted((options) => setInterval(LONG, undefined, options).next()), {}],
];

const end = (timeout: ReturnType<typeof callLater>) => (): void => clearTimeout(timeout);

function aborted(start: (options: { signal: AbortSignal }) => PromiseLike<unknown>): () => void {
  const controller = new AbortController();
  keep(start({ signal: controller.signal }));
  return () => controller.abort();
}

/** The frame that a stack starts with. */
const firstFrame = ({ stack }: PendingOperation): string | undefined => stack?.split('\n')[1];

describe('pendingOperations', () => {
  test.each(STARTS)('lists %s until it ends (%#)', async (kind, start, more) => {
    expect(pendingOperations()).toEqual([]);
    start();
    expect(pendingOperations()).toEqual([{ kind, ref: true, ...more }]);
    await shutdown();
    await expectNonePending();
  });

  test.each(TIMERS)('lists a timer of %s until it ends (%#)', (kind, start, more) => {
    const before = performance.now();
    const stop = start();
    const [pending, ...others] = pendingOperations();
    expect(others).toEqual([]);
    expect(pending).toMatchObject({ kind, ref: true, ...more });
    expect(pending?.dueAt).toBeGreaterThanOrEqual(before + LONG);
    stop();
    expect(pendingOperations()).toEqual([]);
  });

  test('reflects unref() and cancel()', async () => {
    const item = scheduleWorkItem(LONG);
    item.unref();
    expect(pendingOperations()).toMatchObject([{ ref: false }]);
    item.cancel();
    expect(pendingOperations()).toEqual([]);
    await putWorkItem();
    expect(pendingOperations()).toEqual([]);
  });

  test('lists a timer once while it runs or is due', async () => {
    const seen = await new Promise<PendingOperation[]>((resolve) => {
      const timeout = repeat(() => {
        clearTimeout(other);
        resolve(pendingOperations());
        clearTimeout(timeout);
      }, 1);
      const other = callLater(() => {}, LONG);
    });
    expect(seen).toMatchObject([{ kind: 'setInterval' }]);
    // Both are due when the first runs, which refreshes both.
    const ready = await new Promise<PendingOperation[]>((resolve) => {
      let first = true;
      const run = (): void => {
        if (!first) return;
        first = false;
        one.refresh();
        two.refresh();
        resolve(pendingOperations());
        clearTimeout(one);
        clearTimeout(two);
      };
      const one = callLater(run, 1);
      const two = callLater(run, 1);
      spin(5);
    });
    expect(ready.map(({ kind }) => kind)).toEqual(['setTimeout', 'setTimeout']);
  });

  test('lists queues that are being closed and a shutdown that waits', async () => {
    const gate = uniqueName();
    using release = WaitableEvent.create({ name: gate });
    // Also if an expectation fails.
    using _released = { [Symbol.dispose]: () => release.set() };
    const recorder = loadWorkAddon().makeRecorder(0, 0, undefined, gate);
    const queue = WorkQueue.allocate('standard');
    const item = queue.put({ work: recorder.work });
    item.catch(() => {});
    spinUntil(() => recorder.begun() > 0);
    const closed = queue.close();
    const inOrder = (): PendingOperation[] => pendingOperations().toSorted((one, other) => (one.kind < other.kind ? -1 : 1));
    const working = ['close', 'putWorkItem'].map((kind) => ({ kind, ref: true, queue: queue.id }));
    expect(inOrder()).toEqual(working);
    const ended = shutdown();
    expect(inOrder()).toEqual([...working, { kind: 'shutdown', ref: true }]);
    release.set();
    await Promise.all([closed, ended]);
    expect(pendingOperations()).toEqual([]);
  });

  mmcss('lists MMCSS registrations that are under way', async () => {
    const queue = WorkQueue.allocate('standard');
    const registering = queue.registerWithMmcss('Audio');
    expect(pendingOperations()).toMatchObject([{ kind: 'registerWithMmcss', ref: true, queue: queue.id }]);
    const registration = await registering;
    const unregistering = registration.unregister();
    expect(pendingOperations()).toMatchObject([{ kind: 'unregister', ref: true, queue: queue.id }]);
    await unregistering;
    await queue.close();
  });

  test('ignores non-operations: leases and idle queues', () => {
    using _lease = startup();
    const queue = WorkQueue.allocate('standard');
    expect(pendingOperations()).toEqual([]);
    keep(queue.close());
  });
});

describe('traceOperations', () => {
  test.each(STARTS)('records where and when %s was called (%#)', (kind, start) => {
    traceOperations(true);
    start();
    const [pending] = pendingOperations();
    expect(pending?.stack).toMatch(new RegExp(`^${kind}`));
    expect(firstFrame(pending!)).toContain('pending-operations.test');
    const { age = Number.NaN, startedAt = Number.NaN } = pending!;
    expect(age).toBeGreaterThanOrEqual(0);
    expect(startedAt + age).toBeLessThanOrEqual(performance.now());
  });

  test.each(TIMERS)('records where a timer of %s was started (%#)', (kind, start) => {
    traceOperations(true);
    const stop = start();
    const [pending] = pendingOperations();
    expect(pending?.stack).toMatch(new RegExp(`^${kind}`));
    expect(firstFrame(pending!)).toContain('pending-operations.test');
    stop();
  });

  test('records no stack for operations that are started after it was turned off', () => {
    traceOperations(true);
    const timeout = callLater(() => {}, LONG);
    traceOperations(false);
    clearTimeout(timeout);
    const other = callLater(() => {}, LONG);
    expect(pendingOperations()[0]?.stack).toBeUndefined();
    clearTimeout(other);
  });

  test('records no stack if Error.prepareStackTrace throws or returns no string', () => {
    traceOperations(true);
    const items = [scheduleWorkItem(LONG), scheduleWorkItem(LONG), scheduleWorkItem(LONG)];
    const { prepareStackTrace } = Error;
    const answers = [
      () => {
        throw new Error('thrown on purpose');
      },
      () => 5,
      () => {
        items[0]!.cancel();
        return 'ours';
      },
    ];
    Error.prepareStackTrace = () => answers.shift()!();
    try {
      expect(pendingOperations().map(({ stack }) => stack)).toEqual([undefined, undefined, 'ours']);
    } finally {
      if (prepareStackTrace) Error.prepareStackTrace = prepareStackTrace;
      else Reflect.deleteProperty(Error, 'prepareStackTrace');
    }
    expect(pendingOperations()).toHaveLength(2);
  });

  test.each([undefined, 1, 'true', null])('throws for %p', (enable) => {
    expect(() => traceOperations(enable as never)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }));
  });

  test('is on from the start if RTWORKQ_TRACE is 1', async () => {
    const code = `
      function byTheUser() { return rtworkq.scheduleWorkItem(600_000, { ref: false }); }
      byTheUser();
      console.log(rtworkq.pendingOperations()[0].stack?.split('\\n').slice(0, 2).join());`;
    const traced = await runCode(code, { env: { RTWORKQ_TRACE: '1' } });
    expect(traced).toMatchObject({ code: 0, stderr: '', last: expect.stringMatching(/^scheduleWorkItem, {4}at byTheUser /) });
    const others = await runCode(code, { env: { RTWORKQ_TRACE: '0' } });
    expect(others).toMatchObject({ code: 0, stderr: '', last: 'undefined' });
  });
});
