// A work item as a promise: its methods, and how it rejects.

import { afterEach, describe, expect, test } from '@jest/globals';
import {
  cancelWorkItem,
  periodicBeat,
  putWaitingWorkItem,
  putWorkItem,
  scheduleWorkItem,
  shutdown,
  WaitableEvent,
  type WorkItem,
  type WorkItemResult,
  WorkQueue,
  waitFor,
  waitForAll,
  waitForAny,
  waitForProcessExit,
} from 'rtworkq';
import { failureOf } from '../../support/errors';

afterEach(() => shutdown());

describe('a work item', () => {
  test('has catch() and finally()', async () => {
    let ended = 0;
    await expect(
      putWorkItem().finally(() => {
        ended++;
      }),
    ).resolves.toMatchObject({ status: 0 });
    const item = scheduleWorkItem(600_000);
    const caught = item.catch((error) => error.code).finally(() => ended++);
    item.cancel();
    expect(await caught).toBe('ABORT_ERR');
    expect(ended).toBe(2);
    await expect(item.finally(undefined)).rejects.toMatchObject({ code: 'ABORT_ERR' });
    await expect(putWorkItem().catch(null)).resolves.toMatchObject({ status: 0 });
  });

  test('can be used where a promise is expected', async () => {
    const promise: Promise<WorkItemResult> = putWorkItem();
    expect(Object.prototype.toString.call(promise)).toBe('[object WorkItem]');
    expect(await Promise.all([promise, Promise.resolve(promise)])).toHaveLength(2);
    async function returns(): Promise<WorkItemResult> {
      return scheduleWorkItem(1);
    }
    await expect(returns()).resolves.toMatchObject({ status: 0 });
  });

  test('is an empty object to structuredClone(), and has one promise', async () => {
    const item = putWorkItem();
    expect(structuredClone(item)).toEqual({});
    expect(item.completed).toBeInstanceOf(Promise);
    expect(item.completed).toBe(item.completed);
    await item;
  });
});

const plain = 'The operation was aborted';

/** Ways to end a work item that waits for the event on the queue. */
const ends: [
  how: string,
  end: (item: WorkItem, event: WaitableEvent, queue: WorkQueue, controller: AbortController) => unknown,
  expected: object,
][] = [
  ['cancel()', (item) => item.cancel(), { message: plain, cause: undefined, state: 'cancelled' }],
  ['the end of a `using` scope', (item) => item[Symbol.dispose](), { message: plain, cause: undefined, state: 'cancelled' }],
  ['cancelWorkItem()', (item) => cancelWorkItem(item.key), { message: plain, cause: undefined, state: 'cancelled' }],
  ['its AbortSignal', (_, __, ___, controller) => controller.abort('so'), { message: plain, cause: 'so', state: 'cancelled' }],
  [
    'closing the handle',
    (_, event) => event.close(),
    { message: `${plain}: the handle was closed by close()`, cause: 'E_HANDLE', state: 'closed' },
  ],
  [
    'closing the queue',
    (_, __, queue) => queue.close(),
    { message: `${plain}: its work queue was closed by close()`, cause: 'RTWQ_E_INVALID_WORKQUEUE', state: 'closed' },
  ],
  ['shutdown()', () => shutdown(), { message: `${plain}: closed by shutdown()`, cause: 'RTWQ_E_SHUTDOWN', state: 'closed' }],
];

describe.each(ends)('a work item that is ended by %s', (_, end, expected) => {
  test.each(['before', 'after'])('rejects with the cause, if it is awaited %s its end', async (when) => {
    const event = WaitableEvent.create();
    const queue = WorkQueue.allocate('standard');
    const controller = new AbortController();
    const item = queue.wait(event, { signal: controller.signal });
    const early = when === 'before' ? failureOf(() => item) : undefined;
    const ending = end(item, event, queue, controller);
    const error = (await (early ?? failureOf(() => item))) as Error & { code: string };
    const { name, code, message, cause } = error;
    expect({ name, code }).toEqual({ name: 'AbortError', code: 'ABORT_ERR' });
    const { code: said = cause } = (cause ?? {}) as { code?: unknown };
    expect({ message, cause: said, state: item.state }).toEqual(expected);
    expect(Object.keys(error)).toEqual(['name', 'code']);
    expect(error.stack).toMatch(new RegExp(`^AbortError: ${message.replaceAll(/[().]/g, '\\$&')}\n`));
    await ending;
    await queue.close();
    event.close();
  });
});

test('a closed handle or queue throws its own error for new work items', async () => {
  const event = WaitableEvent.create();
  const queue = WorkQueue.allocate('standard');
  event.close();
  await queue.close();
  expect(await failureOf(() => putWaitingWorkItem(event))).toMatchObject({ name: 'RtwqError', code: 'E_HANDLE' });
  expect(await failureOf(() => queue.put())).toMatchObject({ name: 'RtwqError', code: 'RTWQ_E_INVALID_WORKQUEUE' });
});

describe("an aborted wait's error has the stack of the call that started it", () => {
  const event = WaitableEvent.create();

  function beginHere(begin: (signal: AbortSignal) => unknown, signal: AbortSignal): unknown {
    return begin(signal);
  }

  test.each<[string, (signal: AbortSignal) => unknown]>([
    ['putWaitingWorkItem', (signal) => putWaitingWorkItem(event, { signal })],
    ['waitFor', (signal) => waitFor(event, { signal })],
    ['waitFor with a timeout', (signal) => waitFor(event, { signal, timeout: 60_000 })],
    ['waitForAny', (signal) => waitForAny([event], { signal })],
    ['waitForAll', (signal) => waitForAll([event], { signal })],
    ['waitForProcessExit', (signal) => waitForProcessExit(process.pid, { signal })],
    ['event.signals', (signal) => event.signals({ signal }).next()],
    ['periodicBeat', (signal) => periodicBeat({ signal }).next()],
  ])('(%s)', async (_, begin) => {
    const controller = new AbortController();
    const waiting = failureOf(() => beginHere(begin, controller.signal));
    controller.abort();
    const { stack } = await waiting;
    const [header, first, second] = String(stack).split('\n');
    expect(header).toBe(`AbortError: ${plain}`);
    expect(first).toContain('promise.test');
    expect(second).toContain('beginHere');
  });
});
