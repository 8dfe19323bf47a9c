// The signal that a wait has consumed if its Worker ends before JavaScript hears of it.

import { expect, test } from '@jest/globals';
import { Semaphore, shutdown, WaitableEvent, waitFor } from 'rtworkq';
import { expectOneOf, PATIENCE } from '../support/answers';
import { uniqueName } from '../support/name';
import { eventually } from '../support/time';
import { afterSignaledWaits } from '../support/waits';
import { firstMessage, startWorker } from '../support/worker';

// A work item that is cancelled while its callback is on its way may have consumed the signal. Windows does not report this.
const RESTORED = 'the signal that a waiting work item has consumed is restored when its Worker ends';

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

test.each(['wait for one', 'wait for any', 'wait for all', 'wait for all of many, and not the last'])(
  "a semaphore's count is restored if the Worker that consumed it ends: %s",
  async (how) => {
    const name = uniqueName();
    using semaphore = Semaphore.create({ name, maximum: 1 });
    for (let round = 0; round < 3; round++) {
      await using worker = startWorker({ how, name });
      await firstMessage(worker);
      semaphore.release();
      expect(await eventually(() => wasTaken(semaphore))).toBe(true);
      expect(await waitFor(semaphore, { timeout: 0 })).toBe('signaled');
      // The Worker's clean-up gives it back before the Worker is gone.
      await worker.terminate();
      expect(await waitFor(semaphore, { timeout: 0 })).toBe('signaled');
      expect(await waitFor(semaphore, { timeout: 0 })).toBe('timeout');
    }
  },
);

test('a Worker that ends while its waitForAll() is incomplete has taken nothing', async () => {
  const name = uniqueName();
  using semaphore = Semaphore.create({ name, maximum: 1 });
  await using worker = startWorker({ how: 'wait for all, and not the last', name });
  await firstMessage(worker);
  semaphore.release();
  expect(await waitFor(semaphore, { timeout: 0 })).toBe('signaled');
  semaphore.release();
  await worker.terminate();
  expect(await waitFor(semaphore, { timeout: 0 })).toBe('signaled');
  expect(await waitFor(semaphore, { timeout: 0 })).toBe('timeout');
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
