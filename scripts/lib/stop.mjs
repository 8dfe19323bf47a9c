// Stops a script at SIGINT or SIGTERM. Without this, a signal would end only the programs that run at that moment, and the script
// would go on with its next step.

import { setMaxListeners } from 'node:events';

const controller = new AbortController();

/** Aborts at the first signal, if the script has called `stopOnSignals`. Programs that `run()` has started end then. */
export const stopping = controller.signal;
// Each running program listens.
setMaxListeners(0, stopping);

/** Makes the first signal abort `stopping`. A second one ends the script at once. */
export function stopOnSignals() {
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, () => {
      if (stopping.aborted) process.exit(1);
      controller.abort(signal);
    });
  }
}
