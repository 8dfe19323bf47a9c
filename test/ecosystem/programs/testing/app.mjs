// A small program with timers, waits and work items, which its tests run in a simulation.

import { scheduleWorkItem, WaitableEvent, waitFor } from 'rtworkq';
import { setInterval, setTimeout } from 'rtworkq/timers';

/** Calls back with each new value. Returns what stops it. */
export function watch(look, onChange) {
  let last = look();
  const timer = setInterval(() => {
    const next = look();
    if (next === last) return;
    last = next;
    onChange(next);
  }, 250);
  return () => timer.close();
}

export const later = (callback) => setTimeout(callback, 5_000);

/** Tries to get a signal, with a pause before each attempt. Returns how many attempts it took. */
export async function attempts(name, most) {
  const ready = WaitableEvent.create({ name });
  try {
    for (let count = 1; count <= most; count++) {
      await scheduleWorkItem(100);
      if ((await waitFor(ready, { timeout: 900 })) === 'signaled') return count;
    }
    return undefined;
  } finally {
    ready.close();
  }
}
