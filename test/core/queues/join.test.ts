import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from '@jest/globals';
import { shutdown, WaitableEvent, WorkQueue, waitFor } from 'rtworkq';
import { answerOf, expectOneOf, PATIENCE, REFUSED } from '../../support/answers';
import { makeFolder, removeFolder } from '../../support/folders';
import { loadHelper } from '../../support/helper';
import { describeIf } from '../../support/implemented';
import { loadWorkAddon } from '../../support/work-addon';

const helper = loadHelper();
const folder = makeFolder('join');
const file = join(folder, 'text');
writeFileSync(file, 'read by a work queue');

// A virus scanner may hold the file open for a moment.
afterAll(() => removeFolder(folder));
afterEach(() => shutdown());

function withFile<T>(action: (handle: bigint) => T): T {
  const handle = helper.openOverlapped(file);
  try {
    return action(handle);
  } finally {
    helper.closeHandle(handle);
  }
}

const describeJoin = describeIf(() => withFile((handle) => WorkQueue.standard.join(handle).unjoin()));

describeJoin('join()', () => {
  test("delivers a file's I/O completions on the queue", async () => {
    await using queue = WorkQueue.allocate('standard');
    using done = WaitableEvent.create();
    const handle = helper.openOverlapped(file);
    const answer = await answerOf(async () => {
      const joined = queue.join(handle);
      const outcome = helper.readOnQueue(handle, queue.id, done.handle);
      if ((await waitFor(done, { timeout: PATIENCE })) === 'timeout') return 'no completion';
      const { thread, status, text } = outcome();
      return [status, text, thread !== loadWorkAddon().currentThread(), joined.unjoin(), joined.unjoin()];
    });
    const known = [0, 'read by a work queue', true, true, false];
    expectOneOf('a read of a file that a private queue joined', answer, known, REFUSED, 'no completion');
    helper.closeHandle(handle);
  });

  test('ends when the queue is closed', async () => {
    const queue = WorkQueue.allocate('standard');
    const handle = helper.openOverlapped(file);
    const answer = await answerOf(async () => {
      const joined = queue.join(handle);
      await queue.close();
      return joined.unjoin();
    });
    await queue.close();
    expectOneOf('a joined file of a queue that is closed', answer, false, REFUSED);
    helper.closeHandle(handle);
  });

  test('throws for an invalid handle', () => {
    expect(() => WorkQueue.standard.join(0x7ffffff0n)).toThrow(expect.objectContaining({ name: 'RtwqError' }));
  });
});

test("join() throws for one of Node's own handles", () => {
  const descriptor = openSync(file, 'r');
  const refused = expect.objectContaining({ name: 'TypeError', code: 'ERR_INVALID_ARG_VALUE' });
  expect(() => WorkQueue.standard.join(helper.osHandle(descriptor))).toThrow(refused);
  closeSync(descriptor);
});
