// The signal that a wait has consumed if its Worker ends before JavaScript hears of it.

import { expect, test } from '@jest/globals';
import { Semaphore, shutdown, WaitableEvent, waitFor } from 'rtworkq';
import { expectOneOf, PATIENCE } from '../support/answers';
import { uniqueName } from '../support/name';
import { eventually } from '../support/time';
import { afterSignaledWaits } from '../support/waits';
import { firstMessage, startWorker } from '../support/worker';

// A wait that is cancelled while its callback is on its way may have consumed the signal. Windows does not report this.
const RESTORED = 'the signal that a wait has consumed is restored when its Worker ends';

/** Whether a wait has taken the only count of a semaphore whose maximum is 1: only then can it be released again. */
function wasTaken(semaphore: Semaphore): boolean {
  try {
    semaphore.release();
    return true;
  } catch {
    return false;
  }
}

test("a semaphore's count is restored if the Worker that consumed it ends", async () => {
  const name = uniqueName();
  using semaphore = Semaphore.create({ name, maximum: 1 });
  for (let round = 0; round < 5; round++) {
    await using worker = startWorker({ how: 'wait for a semaphore', name });
    await firstMessage(worker);
    semaphore.release();
    expect(await eventually(() => wasTaken(semaphore))).toBe(true);
    await afterSignaledWaits();
    expect(await waitFor(semaphore, { timeout: 0 })).toBe('signaled');
    expect(await waitFor(semaphore, { timeout: 0 })).toBe('timeout');
    await worker.terminate();
    expectOneOf(RESTORED, await waitFor(semaphore, { timeout: PATIENCE }), 'signaled', 'timeout');
  }
  await shutdown();
});

test("a semaphore's count is restored if the Worker that consumed it with waitForAny() or waitForAll() ends", async () => {
  const name = uniqueName();
  using semaphore = Semaphore.create({ name, maximum: 1 });
  for (const how of ['wait for any', 'wait for all', 'wait for all, and not the last']) {
    await using worker = startWorker({ how, name });
    await firstMessage(worker);
    semaphore.release();
    expect(await eventually(() => wasTaken(semaphore))).toBe(true);
    await afterSignaledWaits();
    expect(await waitFor(semaphore, { timeout: 0 })).toBe('signaled');
    await worker.terminate();
    expectOneOf(RESTORED, await waitFor(semaphore, { timeout: PATIENCE }), 'signaled', 'timeout');
    expect(await waitFor(semaphore, { timeout: 0 })).toBe('timeout');
  }
  await shutdown();
});

test("an event's signal is restored if the Worker that consumed it ends", async () => {
  const name = uniqueName();
  using event = WaitableEvent.create({ name });
  for (let round = 0; round < 5; round++) {
    await using worker = startWorker({ how: 'wait for an event', name });
    await firstMessage(worker);
    event.set();
    await afterSignaledWaits();
    await worker.terminate();
    expectOneOf(RESTORED, await waitFor(event, { timeout: PATIENCE }), 'signaled', 'timeout');
  }
  await shutdown();
});
