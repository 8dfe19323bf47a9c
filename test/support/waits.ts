// Waits that are over, down to the pool that waits for RTWorkQ.

import { putWaitingWorkItem, scheduleWorkItem, shutdown, WaitableEvent } from 'rtworkq';
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
  for (let turn = 0; turn < 3; turn++) while (!(await waitFires()));
}

/** Whether a wait for something that is signaled fires: Wine's pool takes the signal and forgets the callback now and then. */
async function waitFires(): Promise<boolean> {
  using event = WaitableEvent.create({ signaled: true });
  using item = putWaitingWorkItem(event);
  using limit = scheduleWorkItem(5_000);
  const late = limit.then(
    () => false,
    () => false,
  );
  return await Promise.race([item.then(() => true), late]);
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
