import { afterEach, expect, test } from '@jest/globals';
import { shutdown, WorkQueue } from 'rtworkq';
import { answerOf, expectOneOf, REFUSED } from '../../support/answers';
import { describeIf } from '../../support/implemented';

afterEach(() => shutdown());

const describeDeadlines = describeIf(() => WorkQueue.standard.setDeadline({ inMilliseconds: 5 }).cancel());

describeDeadlines('setDeadline()', () => {
  test.each([
    ['in milliseconds', () => ({ inMilliseconds: 10 })],
    ['in a fraction of a millisecond', () => ({ inMilliseconds: 0.0001 })],
    ['at a time', () => ({ at: performance.now() + 60_000 })],
    ['with a pre-deadline', () => ({ inMilliseconds: 10, preDeadline: 2.5 })],
    ['with a pre-deadline of zero', () => ({ inMilliseconds: 10, preDeadline: 0 })],
  ])('sets and cancels a deadline %s', async (what, options) => {
    await using queue = WorkQueue.allocate('standard');
    // Microsoft does not document which queues and pre-deadlines are allowed, or whether a passed deadline can be cancelled.
    const answer = await answerOf(async () => {
      const deadline = queue.setDeadline(options());
      await expect(queue.put()).resolves.toMatchObject({ status: 0 });
      return [await answerOf(() => deadline.cancel()), deadline.cancel(), deadline[Symbol.dispose]()];
    });
    expectOneOf(`a deadline of a private queue, ${what}`, answer, [true, false, undefined], [REFUSED, false, undefined], REFUSED);
  });

  test('can move a deadline before the old one is cancelled', async () => {
    await using queue = WorkQueue.allocate('standard');
    const answer = await answerOf(() => {
      const deadlines = [10, 20].map((inMilliseconds) => queue.setDeadline({ inMilliseconds }));
      return Promise.all(deadlines.map((deadline) => answerOf(() => deadline.cancel())));
    });
    expectOneOf('two deadlines of a private queue', answer, [true, true], expect.any(Array), REFUSED);
  });

  test('returns a deadline that ends when the queue is closed', async () => {
    const queue = WorkQueue.allocate('standard');
    const answer = await answerOf(async () => {
      const deadline = queue.setDeadline({ inMilliseconds: 1_000 });
      await queue.close();
      return deadline.cancel();
    });
    await queue.close();
    expectOneOf('a deadline of a queue that is closed', answer, false, REFUSED);
  });

  test('returns a deadline that ends at shutdown()', async () => {
    const answer = await answerOf(async () => {
      const deadline = WorkQueue.allocate('standard').setDeadline({ inMilliseconds: 1_000 });
      await shutdown();
      return deadline.cancel();
    });
    expectOneOf('a deadline at a shutdown', answer, false, REFUSED);
  });
});
