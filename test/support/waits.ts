// Waits that are over, down to the pool that waits for RTWorkQ.

import { putWaitingWorkItem, shutdown, WaitableEvent } from 'rtworkq';

/**
 * Until no wait is left that was cancelled: a signal that meets one may be lost. RTWorkQ has let go of them when the
 * platform is given back; Wine's pool, which waits for it, when it has looked at its list for another wait.
 */
export async function letGo(): Promise<void> {
  await shutdown();
  using event = WaitableEvent.create({ signaled: true });
  await putWaitingWorkItem(event);
}
