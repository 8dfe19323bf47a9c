// What a wait has taken when its Worker ends before it hears of it.

import { expect, test } from '@jest/globals';
import { Semaphore, shutdown, WaitableEvent, waitFor } from 'rtworkq';
import { expectOneOf, PATIENCE } from '../support/answers';
import { uniqueName } from '../support/name';
import { comes } from '../support/time';
import { laterWaits } from '../support/waits';
import { firstMessage, startWorker } from '../support/worker';

// A wait that is cancelled while its callback is on its way may have consumed the signal: Windows does not say.
const GIVEN_BACK = 'what a wait has taken is there again when its Worker has ended';

/** Whether a semaphore of which there is one at most has been taken: then it can be released again. */
function wasTaken(semaphore: Semaphore): boolean {
  try {
    semaphore.release();
    return true;
  } catch {
    return false;
  }
}

test('a count of a semaphore is there for the next one', async () => {
  const name = uniqueName();
  using semaphore = Semaphore.create({ name, maximum: 1 });
  for (let round = 0; round < 5; round++) {
    await using worker = startWorker({ how: 'wait for a semaphore', name });
    await firstMessage(worker);
    semaphore.release();
    expect(await comes(() => wasTaken(semaphore))).toBe(true);
    await laterWaits();
    expect(await waitFor(semaphore, { timeout: 0 })).toBe('signaled');
    expect(await waitFor(semaphore, { timeout: 0 })).toBe('timeout');
    await worker.terminate();
    expectOneOf(GIVEN_BACK, await waitFor(semaphore, { timeout: PATIENCE }), 'signaled', 'timeout');
  }
  await shutdown();
});

test('what a wait for several has taken too', async () => {
  const name = uniqueName();
  using semaphore = Semaphore.create({ name, maximum: 1 });
  for (const how of ['wait for any', 'wait for all', 'wait for all, and not the last']) {
    await using worker = startWorker({ how, name });
    await firstMessage(worker);
    semaphore.release();
    expect(await comes(() => wasTaken(semaphore))).toBe(true);
    await laterWaits();
    expect(await waitFor(semaphore, { timeout: 0 })).toBe('signaled');
    await worker.terminate();
    expectOneOf(GIVEN_BACK, await waitFor(semaphore, { timeout: PATIENCE }), 'signaled', 'timeout');
    expect(await waitFor(semaphore, { timeout: 0 })).toBe('timeout');
  }
  await shutdown();
});

test('the signal of an event too', async () => {
  const name = uniqueName();
  using event = WaitableEvent.create({ name });
  for (let round = 0; round < 5; round++) {
    await using worker = startWorker({ how: 'wait for an event', name });
    await firstMessage(worker);
    event.set();
    await laterWaits();
    await worker.terminate();
    expectOneOf(GIVEN_BACK, await waitFor(event, { timeout: PATIENCE }), 'signaled', 'timeout');
  }
  await shutdown();
});
