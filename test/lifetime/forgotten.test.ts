// Handles that are garbage-collected without having been closed.

import { expect, test } from '@jest/globals';
import { runCode } from '../support/child';

const code = (make: string): string => `
  const { setImmediate: turn } = require('node:timers/promises');
  const { handleCount } = require(process.env.RTWORKQ_TEST_HELPER);
  (async () => {
    await rtworkq.putWorkItem();
    const before = handleCount();
    for (let count = 0; count < 500; count++) ${make};
    const most = handleCount();
    // The process opens some handles of its own meanwhile.
    for (let tries = 0; tries < 200 && handleCount() - before > 100; tries++) {
      await turn();
      gc();
    }
    console.log(most - before >= 500, handleCount() - before <= 100);
  })();`;

test.each([
  ['event', 'rtworkq.WaitableEvent.create()'],
  ['semaphore', 'rtworkq.Semaphore.create()'],
  ['timer', 'rtworkq.WaitableTimer.create().set(3_600_000)'],
  ['process', 'rtworkq.ProcessHandle.open(process.pid)'],
])('unreachable %s handles are closed by the garbage collector', async (_, make) => {
  expect(await runCode(code(make), { flags: ['--expose-gc'] })).toMatchObject({ code: 0, last: 'true true', stderr: '' });
});

test('a wait continues after its handle was garbage-collected', async () => {
  const ended = await runCode(
    `
    const { setImmediate: turn } = require('node:timers/promises');
    const name = 'Local\\\\rtworkq-forgotten-' + process.pid;
    const kept = rtworkq.WaitableEvent.create({ name });
    (async () => {
      const item = rtworkq.putWaitingWorkItem(rtworkq.WaitableEvent.open(name));
      for (let tries = 0; tries < 20; tries++) { await turn(); gc(); }
      console.log(item.state);
      kept.set();
      console.log((await item).status);
    })();`,
    { flags: ['--expose-gc'] },
  );
  expect(ended).toMatchObject({ code: 0, stdout: expect.stringMatching(/^pending\r?\n0\r?\n$/), stderr: '' });
});
