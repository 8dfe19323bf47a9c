// Makes sure that waits are over: those of RTWorkQ, including in the thread pool that waits for it, and those of the waiter.

import { putWaitingWorkItem, scheduleWorkItem, shutdown, WaitableEvent, type WaitHandle, type WorkItem } from 'rtworkq';
import { loadHelper } from './helper';
import { spinUntil } from './time';

/**
 * Ends all cancelled waits: a signal that arrives while one is left may be lost. RTWorkQ drops its cancelled waits when the
 * platform shuts down. Wine's pool, which waits for it, drops them when it next goes through its list for another wait.
 */
export async function endCancelledWaits(): Promise<void> {
  await shutdown();
  await afterSignaledWaits();
}

/**
 * Waits until the callbacks of all signaled waits, of every thread, are over. They run one after the other, so those of waits that
 * begin and are signaled now run last. Before its callback runs, a signal counts for no waiter, and Wine's pool loses it if its
 * wait ends then.
 */
export async function afterSignaledWaits(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await waitFires();
}

/**
 * Waits until a wait for a signaled event fires. Wine's pool sometimes loses a callback, so another wait begins every five seconds,
 * and the first one that fires is enough.
 */
async function waitFires(): Promise<void> {
  using event = WaitableEvent.create({ manualReset: true, signaled: true });
  const items: WorkItem[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  while (!items.some(({ state }) => state === 'fired')) {
    const item = putWaitingWorkItem(event);
    items.push(item);
    item.then(resolve as () => void, () => {});
    using later = scheduleWorkItem(5_000);
    await Promise.race([
      promise,
      later.then(
        () => {},
        () => {},
      ),
    ]);
  }
  for (const item of items) item.cancel();
}

/** Blocks the JavaScript thread until the waiter has taken the signals of these handles. It processes none meanwhile. */
export function spinUntilTaken(...handles: readonly WaitHandle[]): void {
  const { isSignaled } = loadHelper();
  spinUntil(() => !handles.some(({ handle }) => isSignaled(handle)));
}
