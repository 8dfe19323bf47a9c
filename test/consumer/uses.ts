// A program that uses the whole API. types.test.ts compiles it with each compiler, as each kind of module.

import { promisify } from 'node:util';
import type {
  AbsoluteDeadlineOptions,
  CloseOptions,
  Deadline,
  DeadlineOptions,
  EndlessWaitOptions,
  InvokeOptions,
  JoinedHandle,
  LatenessMonitor,
  MmcssInfo,
  MmcssOptions,
  MmcssRegistration,
  NativeWork,
  Occurrence,
  Occurrences,
  OperationEnd,
  OperationInfo,
  OperationKind,
  PendingOperation,
  PeriodicCallback,
  PeriodicOptions,
  PeriodicTick,
  PlatformEventMap,
  PlatformLease,
  PowerThrottlingOptions,
  PutOptions,
  QueueMmcssRegistration,
  RelativeDeadlineOptions,
  RtwqErrorCode,
  ScheduleOptions,
  SemaphoreOptions,
  SharedQueueOptions,
  SignaledTarget,
  SignalsOptions,
  SupportStatus,
  TimerResolutionLease,
  TimerSetOptions,
  WaitableEventOptions,
  WaitableTimerOptions,
  WaitingOptions,
  WaitOptions,
  WaitTarget,
  WorkItemOptions,
  WorkItemResult,
  WorkItemState,
  WorkItemsResult,
  WorkQueueKind,
  WorkQueueType,
} from 'rtworkq';
import {
  addPeriodicCallback,
  cancelWorkItem,
  invokeCallback,
  isSupported,
  listMmcssClasses,
  lockPlatform,
  monitorLateness,
  ProcessHandle,
  pendingOperations,
  periodicBeat,
  platformEvents,
  putWaitingWorkItem,
  putWorkItem,
  putWorkItems,
  RtwqError,
  registerPlatformWithMmcss,
  registerThreadWithMmcss,
  registerTimersWithMmcss,
  requestTimerResolution,
  Semaphore,
  scheduleWorkItem,
  setPowerThrottling,
  shutdown,
  signals,
  startup,
  supportStatus,
  traceOperations,
  WaitableEvent,
  WaitableTimer,
  type WaitHandle,
  type WorkItem,
  WorkQueue,
  waitFor,
  waitForAll,
  waitForAny,
  waitForProcessExit,
} from 'rtworkq';
import {
  type RunOptions,
  type SimulatedEventOptions,
  SimulatedProcess,
  type SimulatedSemaphoreOptions,
  type SimulateOptions,
  Simulation,
  simulate,
  type WindowsFunction,
  type WorkOptions,
} from 'rtworkq/testing';
import type { Timeout } from 'rtworkq/timers';
import * as timers from 'rtworkq/timers';
import type { IntervalOptions, IntervalTick, MissedTicks, TimerOptions } from 'rtworkq/timers/promises';
import * as promises from 'rtworkq/timers/promises';

export async function use(signal: AbortSignal): Promise<number> {
  const status: SupportStatus = supportStatus();
  if (!status.supported) {
    const code: string = status.code;
    const waits: boolean = status.waits;
    return waits ? 0 : code.length + status.reason.length;
  }
  const path: string = status.dll.path;
  const wine: string | undefined = status.wine;
  using lease: PlatformLease = startup();
  const options: ScheduleOptions & PutOptions & WorkItemOptions = { signal, ref: false, priority: 1 };
  const item: WorkItem = scheduleWorkItem(1.5, options).unref().ref();
  using other = putWorkItem({ priority: -1 });
  const key: bigint = item.key;
  const state: WorkItemState = item.state;
  cancelWorkItem(key);
  const cancelled: boolean = item.cancel();
  const result: WorkItemResult = await item;
  const same: Promise<WorkItemResult>[] = [item, item.completed, item.finally(() => {})];
  const caught: WorkItemResult | string = await item.catch((reason) => String(reason.code));
  const text: string = await item.then(
    (value) => String(value.firedAt),
    (reason) => String(reason),
  );
  const all: WorkItemResult[] = await Promise.all([item, other]);
  using many: WorkItem<WorkItemsResult> = putWorkItems(2, options);
  const { status: statuses, firedAt: times }: WorkItemsResult = await many;
  const both: [Uint32Array, Float64Array] = [statuses, times];
  try {
    await shutdown();
  } catch (error) {
    if (error instanceof RtwqError) {
      const code: RtwqErrorCode = error.code;
      const other: string = code;
      return error.hresult + other.length + error.syscall.length;
    }
  }
  void [path, wine, lease, state, cancelled, same, caught, text, all, both, isSupported()];
  return result.status + result.firedAt;
}

export async function useQueues(work: NativeWork, handle: bigint): Promise<number> {
  const type: WorkQueueType = 'multithreaded';
  const target = WorkQueue.allocate(type);
  const shared: SharedQueueOptions = { basePriority: 1, taskId: 0 };
  await using queue: WorkQueue = WorkQueue.allocateSerial(target);
  const others: WorkQueue[] = [WorkQueue.standard, WorkQueue.multithreaded, WorkQueue.longFunction, queue.lock(), WorkQueue.lock(queue.id)];
  others.push(WorkQueue.lockShared('Pro Audio', shared), WorkQueue.lockShared(''));
  queue.setLongRunning(true);
  const items: WorkItem[] = [
    queue.put({ work, priority: 1 }),
    queue.schedule(5, { ref: false }),
    queue.invoke({ status: 1 }),
    queue.wait(handle, { priority: -1 }),
    invokeCallback({ queue, status: 0 } satisfies InvokeOptions),
  ];
  const many: Promise<WorkItemsResult> = queue.putMany(2, { work, priority: 1, signal: AbortSignal.abort() });
  const relative: RelativeDeadlineOptions = { inMilliseconds: 10, preDeadline: 5 };
  const absolute: AbsoluteDeadlineOptions = { at: performance.now() + 10 };
  const options: DeadlineOptions[] = [relative, absolute];
  using deadline: Deadline = queue.setDeadline(options[0] ?? relative);
  using joined: JoinedHandle = queue.join(handle);
  const mmcss: MmcssOptions = { taskId: queue.taskId, priority: 2 };
  await using ofQueue: QueueMmcssRegistration = await queue.registerWithMmcss('Audio', mmcss);
  const info: MmcssInfo = queue.mmcss();
  await ofQueue.unregister();
  using ofThread: MmcssRegistration = registerThreadWithMmcss('Audio', { taskId: info.taskId });
  ofThread.unregister();
  using ofTimers: MmcssRegistration = registerTimersWithMmcss('Audio', { priority: 1 });
  using ofPlatform: MmcssRegistration = registerPlatformWithMmcss(listMmcssClasses()[0] ?? 'Audio', mmcss);
  const infos: MmcssInfo[] = [info, ofQueue, ofThread, ofTimers, ofPlatform];
  const kind: WorkQueueKind | undefined = queue.type;
  const closing: CloseOptions = { drain: true };
  await target.close(closing);
  void [deadline.cancel(), joined.unjoin(), queue.closed, others, kind, many];
  return infos.reduce((sum, { usageClass, taskId, priority }) => sum + usageClass.length + taskId + priority, items.length);
}

export async function useHandles(signal: AbortSignal): Promise<'signaled' | 'timeout'> {
  using event = WaitableEvent.create({ name: 'Local\\rtworkq', manualReset: false, signaled: true } satisfies WaitableEventOptions);
  using semaphore = Semaphore.create({ initial: 0, maximum: 2 } satisfies SemaphoreOptions);
  using timer = WaitableTimer.create({ manualReset: true } satisfies WaitableTimerOptions);
  using child = ProcessHandle.open(1);
  const handles: WaitHandle[] = [event, semaphore, timer, child, WaitableEvent.open('a'), Semaphore.open('b'), WaitableTimer.open('c')];
  const target: WaitTarget = handles[0] ?? 1n;
  const waiting: WaitingOptions = { signal, priority: 0, queue: WorkQueue.multithreaded };
  const item: WorkItem = putWaitingWorkItem(target, waiting);
  event.set();
  event.reset();
  const before: number = semaphore.release(2);
  timer.set(2.5, { period: 10 } satisfies TimerSetOptions);
  timer.set(new Date(), { period: 16.6667, resume: true });
  const woken: boolean = timer.resumes;
  timer.cancel();
  const exit: number | undefined = child.exitCode;
  const code: number = await waitForProcessExit(child.pid, { ref: false } satisfies WaitOptions);
  const ends: SignalsOptions = { signal, ref: true };
  for await (const { firedAt, missed } of event.signals(ends)) void [firedAt, missed];
  for await (const { firedAt } of semaphore) void firedAt;
  for await (const { missed } of signals(event.handle, ends)) void missed;
  const times: Occurrences = timer.signals();
  const time: Occurrence = (await times.next()).value;
  await using beats: Occurrences<PeriodicTick> = periodicBeat({ signal, ref: false });
  for await (const { missed } of beats) void missed.toFixed();
  const endless: EndlessWaitOptions = { signal };
  const first: SignaledTarget = await waitForAny(new Set(handles), endless);
  const perhaps: SignaledTarget | 'timeout' = await waitForAny(handles, { timeout: 5 });
  const all: 'signaled' | 'timeout' = await waitForAll(handles, { timeout: 5 });
  const gone: number | 'timeout' = await waitForProcessExit(1, { timeout: 5 });
  const high: boolean | undefined = timer.highResolution;
  using beat: PeriodicCallback = addPeriodicCallback(({ firedAt, missed }: PeriodicTick) => void [firedAt, missed], {
    signal,
    ref: false,
  } satisfies PeriodicOptions);
  const removed: boolean = beat.unref().ref().hasRef() && beat.remove();
  using lock: PlatformLease = lockPlatform();
  const name: keyof PlatformEventMap = 'shutdownStart';
  platformEvents.once(name, () => {});
  using lateness: LatenessMonitor = monitorLateness();
  const busy: boolean = lateness.enable() && lateness.delivery.percentile(99) > lateness.firing.percentile(99);
  traceOperations(busy);
  const left: PendingOperation[] = pendingOperations();
  const kinds: OperationKind[] = left.filter(({ ref, age = 0 }) => ref && age > 1_000).map(({ kind }: OperationInfo) => kind);
  const tell = ({ operation, outcome, endedAt, firedAt = endedAt }: OperationEnd): void => void [operation.stack, outcome, firedAt];
  const handle: bigint = event.handle;
  void [
    item,
    before,
    exit,
    code,
    high,
    removed,
    kinds,
    tell,
    lock,
    handle,
    event.closed,
    event.createdNew,
    event.manualReset,
    semaphore.createdNew,
    timer.createdNew,
  ];
  void [woken, time, first, perhaps, all, gone];
  await event.wait({ timeout: Number.POSITIVE_INFINITY });
  return waitFor(target, { timeout: 0.5, signal } satisfies WaitOptions);
}

export function useSettings(): number {
  using lease: TimerResolutionLease = requestTimerResolution(1);
  const options: PowerThrottlingOptions = { timerResolution: false, executionSpeed: 'system' };
  setPowerThrottling(options);
  setPowerThrottling({ executionSpeed: undefined });
  lease.release();
  return lease.milliseconds;
}

export function useTimers(node: NodeJS.Timeout): number {
  const { clearImmediate, clearInterval, clearTimeout, setImmediate, setInterval, setTimeout } = timers;
  using timeout: Timeout = setTimeout((text: string, count: number) => void text.repeat(count), 2.5, 'text', 2);
  const interval: Timeout = setInterval(() => {}, 1000 / 60).unref();
  const same: Timeout[] = [timeout.ref(), timeout.unref(), timeout.refresh(), timeout.close()];
  const ref: boolean = timeout.hasRef();
  const number: number = +timeout;
  clearTimeout(number);
  clearTimeout(`${timeout}`);
  clearTimeout(node);
  clearTimeout(undefined);
  clearInterval(interval);
  clearImmediate(setImmediate((text: string) => text, 'text'));
  setTimeout(() => {});
  const isTimeout = (value: unknown): boolean => value instanceof timers.Timeout;
  void [same, ref, isTimeout, timers.promises.setTimeout === promises.setTimeout];
  return number;
}

export async function useTimerPromises(signal: AbortSignal): Promise<number> {
  const { scheduler, setImmediate, setInterval, setTimeout, sleepUntil } = promises;
  const options: TimerOptions = { signal, ref: false };
  const nothing: Promise<void> = setTimeout(0.5);
  const value: string = await setTimeout(2.5, 'value', options);
  const promisified: Promise<string> = promisify(timers.setTimeout)(2.5, 'value', { signal });
  const immediate: string = await setImmediate('value', options);
  await sleepUntil(performance.now() + 16.667, options);
  await scheduler.wait(5, options);
  await scheduler.yield();
  const plain: AsyncGenerator<void, void, unknown> = setInterval(5);
  for await (const text of setInterval(5, 'tick', options)) void text.length;
  const missed: MissedTicks[] = ['burst', 'skip', 'delay'];
  const more: IntervalOptions = { ...options, missed: missed[0], details: true };
  for await (const tick of setInterval(5, undefined, { signal, missed: 'skip', details: true })) {
    const { dueAt, firedAt, missed: count }: IntervalTick = tick;
    return dueAt + firedAt + count;
  }
  const either: AsyncGenerator<string | IntervalTick, void, unknown> = setInterval(5, 'tick', more);
  await either.return();
  void [await nothing, plain, value, await promisified, immediate];
  return 0;
}

export async function useSimulation(): Promise<number> {
  const options: SimulateOptions = { clock: 'manual', tick: 15.625 };
  using simulation: Simulation = simulate(options);
  const run: RunOptions = { limit: 100 };
  await simulation.advance(2.5);
  await simulation.runAll(run);
  const name: WindowsFunction = 'RtwqPutWorkItem';
  simulation.fail(name, 'E_OUTOFMEMORY', 2);
  simulation.fail('SetEvent', 0x80004005);
  const work: WorkOptions = { duration: 5 };
  const native: NativeWork = simulation.work((status) => status, work);
  putWorkItem({ work: native });
  const other: SimulatedProcess = simulation.startProcess();
  const event: SimulatedEventOptions = { manualReset: true, signaled: false };
  const semaphore: SimulatedSemaphoreOptions = { initial: 0, maximum: 5 };
  other.createEvent('event', event);
  other.setEvent('event');
  other.resetEvent('event');
  other.createSemaphore('semaphore', semaphore);
  const before: number = other.releaseSemaphore('semaphore', 2);
  other.createMutex('mutex');
  const acquired: 'acquired' | 'abandoned' = await other.acquireMutex('mutex');
  other.releaseMutex('mutex');
  other.close('mutex');
  other.exit(1);
  const code: number | undefined = other.exitCode;
  const ended: boolean = simulation.ended;
  simulation.end();
  const isOne = (value: unknown): boolean => value instanceof Simulation || value instanceof SimulatedProcess;
  void [before, acquired, code, ended, isOne, other.pid];
  return simulation.now;
}
