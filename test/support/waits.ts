// Waits that are over, down to the pool that waits for RTWorkQ.

import { putWaitingWorkItem, scheduleWorkItem, shutdown, WaitableEvent, type WorkItem } from 'rtworkq';
import { spinUntil } from './time';
import { loadWorkAddon } from './work-addon';

/**
 * Until no wait is left that was cancelled: a signal that meets one may be lost. RTWorkQ has let go of them when the
 * platform is given back; Wine's pool, which waits for it, when it has looked at its list for another wait.
 */
export async function letGo(): Promise<void> {
  await shutdown();
  await laterWaits();
}

/**
 * Until the callbacks of waits are over, of whichever thread, whose signals have come: they come one after the other, and those
 * that are begun and signaled now come last. Until then a signal is in nobody's hands, and Wine's pool loses one that meets the
 * end of its wait.
 */
export async function laterWaits(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await waitFires();
}

/**
 * Until a wait for something that is signaled fires. Wine's pool forgets a callback now and then, so one more wait begins every few
 * seconds, and the first that fires will do.
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

/**
 * Keeps the JavaScript thread busy until the callbacks of waits on the standard queue are over whose signals have come; it hears
 * of none meanwhile. Waits come one after the other there: those that are begun and signaled now come last.
 */
export function spinUntilTaken(): void {
  for (let turn = 0; turn < 3; turn++) {
    const recorder = loadWorkAddon().makeRecorder(0, 0);
    using event = WaitableEvent.create({ signaled: true });
    putWaitingWorkItem(event, { work: recorder.work });
    spinUntil(() => recorder.begun() > 0);
  }
}
