// Every function and method of the package that takes options, and valid options for each.

import {
  addPeriodicCallback,
  invokeCallback,
  listMmcssClasses,
  locks,
  Mutex,
  type Occurrences,
  periodicBeat,
  putWaitingWorkItem,
  putWorkItem,
  putWorkItems,
  registerPlatformWithMmcss,
  registerThreadWithMmcss,
  registerTimersWithMmcss,
  Semaphore,
  scheduleWorkItem,
  setPowerThrottling,
  WaitableEvent,
  WaitableTimer,
  WorkQueue,
  waitFor,
  waitForAll,
  waitForAny,
  waitForProcessExit,
} from 'rtworkq';
import { uniqueName } from './name';

// biome-ignore lint/suspicious/noExplicitAny: hostile programs pass options of any type.
type AnyOptions = any;

/** The objects that the calls use. */
export interface Scene {
  queue: WorkQueue;
  event: WaitableEvent;
  timer: WaitableTimer;
  mutex: Mutex;
}

export const openScene = (): Scene => ({
  queue: WorkQueue.allocate('standard'),
  event: WaitableEvent.create(),
  timer: WaitableTimer.create(),
  mutex: Mutex.create(),
});

export interface OptionsCall {
  readonly name: string;
  /** What must still be open after the options have been read. */
  readonly needs: readonly ('queue' | 'event' | 'timer' | 'mutex')[];
  options(scene: Scene): Readonly<Record<string, unknown>>;
  call(scene: Scene, options: AnyOptions): unknown;
}

const signal = (): AbortSignal => new AbortController().signal;
const common = (): Record<string, unknown> => ({ signal: signal(), ref: true, work: undefined });
const onQueue = (more: object) => (scene: Scene) => ({ ...common(), ...more, queue: scene.queue });

/** An iterator's first result. Ends the iterator. */
async function firstOf(iterator: Occurrences): Promise<unknown> {
  const first = await iterator.next();
  await iterator.return?.();
  return first;
}

/** Releases a lock as soon as there is one. */
async function released(acquiring: Promise<Disposable | undefined>): Promise<void> {
  using _lock = await acquiring;
}

const someClass = (): string => listMmcssClasses()[0] ?? 'Audio';

export const CALLS: readonly OptionsCall[] = [
  { name: 'putWorkItem', needs: ['queue'], options: onQueue({ priority: 0 }), call: (_, options) => putWorkItem(options) },
  { name: 'putWorkItems', needs: ['queue'], options: onQueue({ priority: 0 }), call: (_, options) => putWorkItems(3, options) },
  { name: 'scheduleWorkItem', needs: ['queue'], options: onQueue({}), call: (_, options) => scheduleWorkItem(1, options) },
  { name: 'invokeCallback', needs: ['queue'], options: onQueue({ status: 5 }), call: (_, options) => invokeCallback(options) },
  {
    name: 'putWaitingWorkItem',
    needs: ['event', 'queue'],
    options: onQueue({ priority: 0 }),
    call: ({ event }, options) => putWaitingWorkItem(event, options),
  },
  {
    name: 'waitFor',
    needs: ['event'],
    options: () => ({ timeout: undefined, signal: signal(), ref: true }),
    call: ({ event }, options) => waitFor(event, options),
  },
  {
    name: 'waitFor with a timeout',
    needs: ['event'],
    options: () => ({ timeout: 1, signal: signal(), ref: true }),
    call: ({ event }, options) => waitFor(event, options),
  },
  {
    name: 'waitForAny',
    needs: ['event'],
    options: () => ({ timeout: 1, signal: signal(), ref: true }),
    call: ({ event, timer }, options) => waitForAny([event, timer], options),
  },
  {
    name: 'waitForAll',
    needs: ['event'],
    options: () => ({ timeout: undefined, signal: signal(), ref: true }),
    call: ({ event, timer }, options) => waitForAll([event, timer], options),
  },
  {
    name: 'waitForProcessExit',
    needs: [],
    options: () => ({ timeout: undefined, signal: signal(), ref: true }),
    call: (_, options) => waitForProcessExit(process.pid, options),
  },
  {
    name: 'addPeriodicCallback',
    needs: [],
    options: () => ({ signal: signal(), ref: true }),
    call: (_, options) => addPeriodicCallback(() => {}, options),
  },
  {
    name: 'periodicBeat',
    needs: [],
    options: () => ({ signal: signal(), ref: true }),
    call: (_, options) => firstOf(periodicBeat(options)),
  },
  {
    name: 'queue.put',
    needs: ['queue'],
    options: () => ({ ...common(), priority: 0 }),
    call: ({ queue }, options) => queue.put(options),
  },
  {
    name: 'queue.putMany',
    needs: ['queue'],
    options: () => ({ ...common(), priority: 0 }),
    call: ({ queue }, options) => queue.putMany(3, options),
  },
  { name: 'queue.schedule', needs: ['queue'], options: common, call: ({ queue }, options) => queue.schedule(1, options) },
  {
    name: 'queue.invoke',
    needs: ['queue'],
    options: () => ({ ...common(), status: 5 }),
    call: ({ queue }, options) => queue.invoke(options),
  },
  {
    name: 'queue.wait',
    needs: ['event', 'queue'],
    options: () => ({ ...common(), priority: 0 }),
    call: ({ queue, event }, options) => queue.wait(event, options),
  },
  {
    name: 'queue.setDeadline',
    needs: ['queue'],
    options: () => ({ inMilliseconds: 50, at: undefined, preDeadline: 5 }),
    call: ({ queue }, options) => queue.setDeadline(options),
  },
  {
    name: 'queue.setDeadline at a time',
    needs: ['queue'],
    options: () => ({ inMilliseconds: undefined, at: performance.now() + 60_000, preDeadline: undefined }),
    call: ({ queue }, options) => queue.setDeadline(options),
  },
  {
    name: 'queue.registerWithMmcss',
    needs: ['queue'],
    options: () => ({ taskId: 0, priority: 0 }),
    call: ({ queue }, options) => queue.registerWithMmcss(someClass(), options),
  },
  { name: 'queue.close', needs: [], options: () => ({ drain: true }), call: ({ queue }, options) => queue.close(options) },
  {
    name: 'WorkQueue.lockShared',
    needs: [],
    options: () => ({ basePriority: 0, taskId: 0 }),
    call: (_, options) => WorkQueue.lockShared(someClass(), options),
  },
  {
    name: 'WaitableEvent.create',
    needs: [],
    options: () => ({ name: undefined, security: 'user', manualReset: true, signaled: false }),
    call: (_, options) => WaitableEvent.create(options),
  },
  {
    name: 'Semaphore.create',
    needs: [],
    options: () => ({ name: undefined, security: undefined, initial: 1, maximum: 2 }),
    call: (_, options) => Semaphore.create(options),
  },
  {
    name: 'WaitableTimer.create',
    needs: [],
    options: () => ({ name: undefined, security: 'D:(A;;GA;;;WD)', manualReset: true, highResolution: false }),
    call: (_, options) => WaitableTimer.create(options),
  },
  {
    name: 'Mutex.create',
    needs: [],
    options: () => ({ name: undefined, security: 'session' }),
    call: (_, options) => Mutex.create(options),
  },
  {
    name: 'mutex.acquire',
    needs: ['mutex'],
    options: () => ({ timeout: 1, signal: signal(), ref: true }),
    call: ({ mutex }, options) => released(mutex.acquire(options)),
  },
  {
    name: 'locks.request',
    needs: [],
    options: () => ({ timeout: undefined, signal: signal(), ref: true, ifAvailable: false }),
    call: (_, options) => locks.request(uniqueName(), options, () => {}),
  },
  {
    name: 'timer.set',
    needs: ['timer'],
    options: () => ({ period: 0, resume: false }),
    call: ({ timer }, options) => timer.set(60_000, options),
  },
  {
    name: 'event.signals',
    needs: [],
    options: () => ({ signal: signal(), ref: true }),
    call: ({ event }, options) => firstOf(event.signals(options)),
  },
  {
    name: 'event.wait',
    needs: ['event'],
    options: () => ({ timeout: 1, signal: signal(), ref: true }),
    call: ({ event }, options) => event.wait(options),
  },
  {
    name: 'registerTimersWithMmcss',
    needs: [],
    options: () => ({ taskId: 0, priority: 0 }),
    // The registration is for the whole process, and another test may want another class.
    call: (_, options) => registerTimersWithMmcss(someClass(), options).unregister(),
  },
  {
    name: 'registerThreadWithMmcss',
    needs: [],
    options: () => ({ taskId: 0, priority: 0 }),
    call: (_, options) => registerThreadWithMmcss(someClass(), options),
  },
  {
    name: 'registerPlatformWithMmcss',
    needs: [],
    options: () => ({ taskId: 0, priority: 0 }),
    // The registration is for the whole process, and other tests look at it.
    call: (_, options) => registerPlatformWithMmcss(someClass(), options).unregister(),
  },
  {
    name: 'setPowerThrottling',
    needs: [],
    options: () => ({ timerResolution: 'system', executionSpeed: 'system' }),
    call: (_, options) => setPowerThrottling(options),
  },
];

/** Disposes of a call's result, if it is disposable. */
export function dispose(made: unknown): void {
  (made as Partial<Disposable> | undefined)?.[Symbol.dispose]?.();
}
