import { afterEach, describe, expect, test } from '@jest/globals';
import { shutdown, WorkQueue } from 'rtworkq';
import { implemented } from '../../support/implemented';

afterEach(() => shutdown());

const supported = implemented(() => WorkQueue.standard.setDeadline({ inMilliseconds: 5 }).cancel());

(supported ? describe : describe.skip)('setDeadline()', () => {
  test.each([
    ['in milliseconds', () => ({ inMilliseconds: 10 })],
    ['in a fraction of one', () => ({ inMilliseconds: 0.0001 })],
    ['at a time', () => ({ at: performance.now() + 50 })],
    ['with a pre-deadline', () => ({ inMilliseconds: 10, preDeadline: 2.5 })],
    ['with one of zero', () => ({ inMilliseconds: 10, preDeadline: 0 })],
  ])('%s', async (_, options) => {
    await using queue = WorkQueue.allocate('standard');
    const deadline = queue.setDeadline(options());
    await expect(queue.put()).resolves.toMatchObject({ status: 0 });
    expect(deadline.cancel()).toBe(true);
    expect(deadline.cancel()).toBe(false);
    deadline[Symbol.dispose]();
  });

  test('is moved by a new one before the old one is cancelled', async () => {
    await using queue = WorkQueue.allocate('standard');
    const first = queue.setDeadline({ inMilliseconds: 10 });
    const second = queue.setDeadline({ inMilliseconds: 20 });
    expect(first.cancel()).toBe(true);
    expect(second.cancel()).toBe(true);
  });

  test('ends with the queue', async () => {
    const queue = WorkQueue.allocate('standard');
    const deadline = queue.setDeadline({ inMilliseconds: 1_000 });
    await queue.close();
    expect(deadline.cancel()).toBe(false);
  });

  test('ends with the platform', async () => {
    const deadline = WorkQueue.allocate('standard').setDeadline({ inMilliseconds: 1_000 });
    await shutdown();
    expect(deadline.cancel()).toBe(false);
  });
});
