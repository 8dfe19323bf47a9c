// A program that uses all of the API. types.test.ts compiles it with each compiler, as each kind of module.

import type {
  CloseOptions,
  Deadline,
  DeadlineOptions,
  EventOptions,
  InvokeOptions,
  JoinedHandle,
  MmcssInfo,
  MmcssMembership,
  MmcssOptions,
  NativeWork,
  PeriodicCallback,
  PeriodicOptions,
  PeriodicTick,
  PlatformEventMap,
  PlatformLease,
  PriorityOptions,
  ProcessExitOptions,
  PutOptions,
  QueuedOptions,
  ScheduleOptions,
  SemaphoreOptions,
  SharedQueueOptions,
  SignalsOptions,
  StatusOptions,
  SupportStatus,
  TimerSetOptions,
  WaitableTimerOptions,
  WaitForOptions,
  WaitingOptions,
  WaitTarget,
  WorkItemOptions,
  WorkItemResult,
  WorkItemState,
  WorkQueueType,
} from 'rtworkq';
import {
  addPeriodicCallback,
  cancelWorkItem,
  Event,
  invokeCallback,
  isSupported,
  joinMmcss,
  listMmcssClasses,
  lockPlatform,
  ProcessHandle,
  platformEvents,
  putWaitingWorkItem,
  putWorkItem,
  RtwqError,
  registerPlatformWithMmcss,
  Semaphore,
  scheduleWorkItem,
  shutdown,
  startup,
  supportStatus,
  unregisterPlatformFromMmcss,
  WaitableTimer,
  type WaitHandle,
  type WorkItem,
  WorkQueue,
  waitFor,
  waitForProcessExit,
} from 'rtworkq';

export async function use(signal: AbortSignal): Promise<number> {
  const status: SupportStatus = supportStatus();
  if (!status.supported) {
    const code: string = status.code;
    return code.length + status.reason.length;
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
  const same: Promise<WorkItemResult> = item.completed;
  const text: string = await item.then(
    (value) => String(value.firedAt),
    (reason) => String(reason),
  );
  const all: WorkItemResult[] = await Promise.all([item, other]);
  try {
    await shutdown();
  } catch (error) {
    if (error instanceof RtwqError) return error.hresult + error.code.length + error.syscall.length;
  }
  void [path, wine, lease, state, cancelled, same, text, all, isSupported()];
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
    queue.put({ work, priority: 1 } satisfies QueuedOptions & PriorityOptions),
    queue.schedule(5, { ref: false }),
    queue.invoke({ status: 1 } satisfies QueuedOptions & StatusOptions),
    queue.wait(handle, { priority: -1 }),
    invokeCallback({ queue, status: 0 } satisfies InvokeOptions),
  ];
  const options: DeadlineOptions = { inMilliseconds: 10, preDeadline: 5 };
  using deadline: Deadline = queue.setDeadline(options);
  using joined: JoinedHandle = queue.join(handle);
  const mmcss: MmcssOptions = { taskId: queue.taskId, priority: 2 };
  const task: number = await queue.registerWithMmcss('Audio', mmcss);
  const info: MmcssInfo = queue.mmcss();
  await queue.unregisterFromMmcss();
  using membership: MmcssMembership = joinMmcss('Audio', { taskId: info.taskId });
  membership.leave();
  const platformTask: number = registerPlatformWithMmcss(listMmcssClasses()[0] ?? 'Audio', mmcss);
  unregisterPlatformFromMmcss();
  const closing: CloseOptions = { drain: true };
  await target.close(closing);
  void [deadline.cancel(), joined.unjoin(), queue.closed, info.usageClass, info.priority, membership.usageClass, others];
  return task + platformTask + membership.taskId + items.length;
}

export async function useHandles(signal: AbortSignal): Promise<'signaled' | 'timeout'> {
  using event = Event.create({ name: 'Local\\rtworkq', manualReset: false, signaled: true } satisfies EventOptions);
  using semaphore = Semaphore.create({ initial: 0, maximum: 2 } satisfies SemaphoreOptions);
  using timer = WaitableTimer.create({ manualReset: true } satisfies WaitableTimerOptions);
  using child = ProcessHandle.open(1);
  const handles: WaitHandle[] = [event, semaphore, timer, child, Event.open('a'), Semaphore.open('b'), WaitableTimer.open('c')];
  const target: WaitTarget = handles[0] ?? 1n;
  const waiting: WaitingOptions = { signal, priority: 0, queue: WorkQueue.multithreaded };
  const item: WorkItem = putWaitingWorkItem(target, waiting);
  event.set();
  event.reset();
  const before: number = semaphore.release(2);
  timer.set(2.5, { period: 10 } satisfies TimerSetOptions);
  timer.cancel();
  const exit: number | undefined = child.exitCode;
  const code: number = await waitForProcessExit(child.pid, { ref: false } satisfies ProcessExitOptions);
  const ends: SignalsOptions = { signal };
  for await (const { firedAt } of event.signals(ends)) void firedAt;
  for await (const { status } of event) void status;
  const high: boolean | undefined = timer.highResolution;
  using beat: PeriodicCallback = addPeriodicCallback(({ firedAt, missed }: PeriodicTick) => void [firedAt, missed], {
    ref: false,
  } satisfies PeriodicOptions);
  const removed: boolean = beat.unref().ref().hasRef() && beat.remove();
  using lock: PlatformLease = lockPlatform();
  const name: keyof PlatformEventMap = 'shutdownStart';
  platformEvents.once(name, () => {});
  const handle: bigint = event.handle;
  void [item, before, exit, code, high, removed, lock, handle, event.closed, event.isNew, event.manualReset, semaphore.isNew, timer.isNew];
  return waitFor(target, { timeout: 5, signal } satisfies WaitForOptions);
}
