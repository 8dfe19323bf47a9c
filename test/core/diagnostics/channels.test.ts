// The diagnostics channels for starts and ends, and subscribers that misbehave.

import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  addPeriodicCallback,
  invokeCallback,
  type OperationEnd,
  type OperationInfo,
  pendingOperations,
  putWaitingWorkItem,
  putWorkItem,
  putWorkItems,
  scheduleWorkItem,
  shutdown,
  traceOperations,
  WaitableEvent,
  WorkQueue,
  waitFor,
} from 'rtworkq';
import { setTimeout as callLater, clearTimeout } from 'rtworkq/timers';
import { setTimeout } from 'rtworkq/timers/promises';
import { runCode } from '../../support/child';
import { workAddonFile } from '../../support/work-addon';

const START = 'rtworkq:operation-start';
const END = 'rtworkq:operation-end';
const LONG = 600_000;

let starts: OperationInfo[];
let ends: OperationEnd[];
let onStart = (_message: OperationInfo): void => {};

const start = (message: unknown): void => {
  starts.push(message as OperationInfo);
  onStart(message as OperationInfo);
};
const end = (message: unknown): number => ends.push(message as OperationEnd);

beforeEach(() => {
  starts = [];
  ends = [];
  subscribe(START, start);
  subscribe(END, end);
});

afterEach(async () => {
  onStart = () => {};
  await shutdown();
  // Operations that have fired reach JavaScript in a later turn, and are published in one more.
  do await new Promise(setImmediate);
  while (pendingOperations().length > 0);
  unsubscribe(START, start);
  unsubscribe(END, end);
});

const nextTick = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));

/** What a promise rejects with. */
const failed = async (promise: PromiseLike<unknown>): Promise<{ cause?: unknown }> => {
  try {
    await promise;
  } catch (error) {
    return error as { cause?: unknown };
  }
  throw new Error('it did not fail');
};

describe('rtworkq:operation-start', () => {
  test('is published on the next tick, with the details of the operation', async () => {
    const before = performance.now();
    const item = scheduleWorkItem(LONG, { ref: false, queue: WorkQueue.multithreaded });
    const after = performance.now();
    expect(starts).toEqual([]);
    await nextTick();
    expect(starts).toEqual([
      {
        kind: 'scheduleWorkItem',
        ref: false,
        queue: 5,
        key: item.key,
        startedAt: expect.any(Number),
        dueAt: starts[0]!.startedAt! + LONG,
      },
    ]);
    expect(starts[0]!.startedAt).toBeGreaterThanOrEqual(before);
    expect(starts[0]!.startedAt).toBeLessThanOrEqual(after);
    item.cancel();
  });

  test('has the stack if operations are traced', async () => {
    traceOperations(true);
    putWorkItem();
    traceOperations(false);
    await nextTick();
    expect(starts[0]!.stack?.split('\n')[1]).toContain('channels.test');
  });

  test('is published in the async context of the start', async () => {
    const storage = new AsyncLocalStorage<string>();
    const seen: unknown[] = [];
    onStart = () => seen.push(storage.getStore());
    storage.run('one', () => putWorkItem());
    storage.run('two', () => callLater(() => {}, 1).unref());
    await nextTick();
    expect(seen).toEqual(['one', 'two']);
  });

  test('is not published if nothing was started', async () => {
    const queue = WorkQueue.allocate('standard');
    await queue.close();
    starts.length = 0;
    expect(() => putWorkItem({ queue })).toThrow();
    putWorkItem({ signal: AbortSignal.abort() });
    await failed(setTimeout(1, undefined, { signal: AbortSignal.abort() }));
    await nextTick();
    expect(starts).toEqual([]);
  });
});

describe('rtworkq:operation-end', () => {
  test('has the message of the start as its operation', async () => {
    const { firedAt } = await putWorkItem();
    expect(ends).toEqual([{ operation: expect.any(Object), outcome: 'fired', status: 0, firedAt, endedAt: expect.any(Number) }]);
    expect(ends[0]!.operation).toBe(starts[0]);
    expect(ends[0]!.endedAt).toBeLessThanOrEqual(performance.now());
  });

  test('is published for operations that were started before the subscription', async () => {
    unsubscribe(START, start);
    unsubscribe(END, end);
    const item = scheduleWorkItem(LONG);
    subscribe(START, start);
    subscribe(END, end);
    item.cancel();
    await nextTick();
    expect(starts).toEqual([]);
    expect(ends).toEqual([
      {
        operation: { kind: 'scheduleWorkItem', ref: true, queue: 1, key: item.key },
        outcome: 'cancelled',
        endedAt: expect.any(Number),
      },
    ]);
  });

  test('has the status, but no firedAt for putWorkItems()', async () => {
    await Promise.all([invokeCallback({ status: 0x80004005 }), putWorkItems(3)]);
    const [invoked, many] = ['invokeCallback', 'putWorkItems'].map((kind) => ends.find(({ operation }) => operation.kind === kind));
    expect(invoked).toMatchObject({ outcome: 'fired', status: 0x80004005 });
    expect(many).toMatchObject({ outcome: 'fired' });
    expect(many).not.toHaveProperty('firedAt');
  });

  test('has the outcome and the cause', async () => {
    const event = WaitableEvent.create();
    const queue = WorkQueue.allocate('standard');
    const controller = new AbortController();
    const items = [
      scheduleWorkItem(LONG, { signal: controller.signal }),
      putWaitingWorkItem(event),
      queue.schedule(LONG),
      scheduleWorkItem(LONG),
    ];
    const failures = Promise.all(items.map(failed));
    const beat = addPeriodicCallback(() => {});
    controller.abort('reason');
    event.close();
    const closed = queue.close();
    beat.remove();
    const ended = shutdown();
    await Promise.all([closed, ended]);
    const causes = (await failures).map(({ cause }) => cause);
    const told = ends.filter(({ operation: { kind } }) => kind !== 'close' && kind !== 'shutdown');
    expect(told.map(({ outcome }) => outcome)).toEqual(['cancelled', 'closed', 'closed', 'cancelled', 'closed']);
    expect(told.map(({ operation: { kind } }) => kind)).toEqual([
      'scheduleWorkItem',
      'putWaitingWorkItem',
      'scheduleWorkItem',
      'addPeriodicCallback',
      'scheduleWorkItem',
    ]);
    const withCause = told.filter((each) => 'cause' in each);
    expect(withCause.map(({ cause }) => cause)).toEqual(causes);
    expect(causes).toEqual([
      'reason',
      ...['E_HANDLE', 'RTWQ_E_INVALID_WORKQUEUE', 'RTWQ_E_SHUTDOWN'].map((code) => expect.objectContaining({ code })),
    ]);
  });

  test('is published once for a wait with a timeout, however it ends', async () => {
    using event = WaitableEvent.create();
    await waitFor(event, { timeout: 1 });
    event.set();
    await waitFor(event, { timeout: LONG });
    await nextTick();
    expect(starts.map(({ kind }) => kind)).toEqual(['waitFor', 'waitFor']);
    expect(ends.map(({ outcome }) => outcome)).toEqual(['timeout', 'fired']);
  });

  test('is published for timers too', async () => {
    await setTimeout(1);
    const timeout = callLater(() => {}, LONG);
    timeout.refresh();
    clearTimeout(timeout);
    const reason = new Error('reason');
    const controller = new AbortController();
    const aborted = failed(setTimeout(LONG, undefined, { signal: controller.signal }));
    controller.abort(reason);
    await aborted;
    await nextTick();
    expect(starts.map(({ kind }) => kind)).toEqual(['setTimeout', 'setTimeout', 'setTimeout']);
    expect(ends.map(({ operation }) => operation)).toEqual(starts);
    expect(ends).toMatchObject([{ outcome: 'fired' }, { outcome: 'cancelled' }, { outcome: 'cancelled', cause: reason }]);
    expect(ends[0]!.firedAt).toBeGreaterThanOrEqual(starts[0]!.dueAt!);
  });
});

describe('subscribers', () => {
  const ACTIONS: [string, string][] = [
    ['cancel everything', 'for (const item of items) item.cancel();'],
    ['shut down', 'settling.push(rtworkq.shutdown());'],
    ['close the queue', 'settling.push(queue.close());'],
    ['throw', 'throw new Error("thrown on purpose");'],
    ['start more', 'if (items.length < 200) items.push(rtworkq.putWorkItem());'],
    [
      'delete the properties of the message',
      'for (const name of Object.keys(message.operation ?? message)) delete (message.operation ?? message)[name];',
    ],
    ['unsubscribe', 'unsubscribe(channel, act);'],
  ];
  const CHANNELS = [START, END];
  const cases = ACTIONS.flatMap(([name, action]) => CHANNELS.map((channel): [string, string, string] => [name, channel, action]));

  test.each(cases)('that %s at %s lose no operation', async (_, channel, action) => {
    const { code, last, stderr } = await runCode(`
      const { subscribe, unsubscribe } = require('node:diagnostics_channel');
      const { setTimeout: callLater } = require('rtworkq/timers');
      const channel = ${JSON.stringify(channel)};
      const items = [];
      const settling = [];
      const foreign = [];
      let inside = 0;
      process.on('uncaughtException', (error) => {
        if (error.message !== 'thrown on purpose') foreign.push(error.message);
      });
      const queue = rtworkq.WorkQueue.allocate('standard');
      const act = (message) => { inside++; ${action} };
      subscribe(channel, act);
      (async () => {
        for (let count = 0; count < 50; count++) {
          items.push(rtworkq.putWorkItem(), queue.put(), rtworkq.scheduleWorkItem(count % 5));
          callLater(() => {}, 1);
        }
        await Promise.allSettled(items);
        await Promise.allSettled(settling);
        await Promise.allSettled(items);
        await queue.close();
        await rtworkq.shutdown();
        await new Promise(setImmediate);
        unsubscribe(channel, act);
        console.log(JSON.stringify({ told: inside > 0, pending: items.filter(({ state }) => state === 'pending').length, foreign }));
      })();`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(last)).toEqual({ told: true, pending: 0, foreign: [] });
  });

  test('and an async_hooks hook that shuts down during a start or a cancel leave the platform working', async () => {
    const { code, last, stderr } = await runCode(`
      const { subscribe } = require('node:diagnostics_channel');
      const { createHook } = require('node:async_hooks');
      for (const channel of [${JSON.stringify(START)}, ${JSON.stringify(END)}]) subscribe(channel, () => {});
      const settling = [];
      let armed = false;
      createHook({
        init(_id, type) {
          if (!armed || type !== 'TickObject') return;
          armed = false;
          settling.push(rtworkq.shutdown());
        },
      }).enable();
      const during = (call) => {
        armed = true;
        try {
          return call();
        } finally {
          if (armed) throw new Error('the hook has not run');
        }
      };
      (async () => {
        const started = during(() => rtworkq.scheduleWorkItem(600_000));
        started.catch(() => {});
        await Promise.all(settling);
        const { status } = await rtworkq.putWorkItem();
        const stopped = rtworkq.scheduleWorkItem(600_000);
        stopped.catch(() => {});
        during(() => stopped.cancel());
        await Promise.all(settling);
        const again = await rtworkq.putWorkItem();
        await rtworkq.shutdown();
        console.log(started.state, status, stopped.state, again.status);
      })();`);
    expect({ code, last, stderr }).toEqual({ code: 0, last: 'closed 0 cancelled 0', stderr: '' });
  });

  test('and an async_hooks hook that starts a work item call off a shutdown that has begun', async () => {
    const { code, last, stderr } = await runCode(`
      const { subscribe } = require('node:diagnostics_channel');
      const { createHook } = require('node:async_hooks');
      for (const channel of [${JSON.stringify(START)}, ${JSON.stringify(END)}]) subscribe(channel, () => {});
      const name = 'Local\\\\rtworkq-called-off-' + process.pid;
      const release = rtworkq.WaitableEvent.create({ name });
      const recorder = require(${JSON.stringify(workAddonFile)}).makeRecorder(0, 0, undefined, name);
      let armed = false;
      let started;
      createHook({
        init(_id, type) {
          if (!armed || type !== 'TickObject') return;
          armed = false;
          started = rtworkq.scheduleWorkItem(600_000);
        },
      }).enable();
      (async () => {
        // Work that runs cannot be closed, so the shutdown is the first operation to be published.
        const item = rtworkq.WorkQueue.multithreaded.put({ work: recorder.work });
        await new Promise((resolve) => process.nextTick(resolve));
        while (recorder.begun() === 0);
        armed = true;
        const down = rtworkq.shutdown();
        release.set();
        await down;
        await item;
        const { status } = await rtworkq.putWorkItem();
        console.log(started.cancel(), status);
        await rtworkq.shutdown();
      })();`);
    expect({ code, last, stderr }).toEqual({ code: 0, last: 'true 0', stderr: '' });
  });
});
