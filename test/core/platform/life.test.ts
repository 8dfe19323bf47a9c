// The platform's life, where somebody's code comes in between. In processes of their own, which count the calls of the stand-in
// RTWorkQ.dll; Wine's and that of Windows count none.

import { expect, test } from '@jest/globals';
import { runCode } from '../../support/child';
import { helperFile } from '../../support/helper';

/** What a program pushes into `seen`. */
async function seenBy(code: string): Promise<unknown> {
  const { last, stderr } = await runCode(`
    const helper = require(${JSON.stringify(helperFile)});
    const { lockPlatform, putWorkItem, scheduleWorkItem, shutdown, startup } = rtworkq;
    const count = (name) => Number(process.env['RTWORKQ_CALLS_' + name] ?? 0);
    // Counts of this process have come with its environment.
    const before = { RtwqStartup: count('RtwqStartup'), RtwqShutdown: count('RtwqShutdown') };
    const calls = (name) => count(name) - before[name];
    const seen = [];
    (async () => {
      await putWorkItem();
      const counted = calls('RtwqStartup') > 0;
      if (counted) { ${code} }
      console.log(JSON.stringify(counted ? seen : 'not counted'));
    })();`);
  expect(stderr).toBe('');
  return JSON.parse(last);
}

const expectSeen = (seen: unknown, expected: unknown[]): void => expect(['not counted', expected]).toContainEqual(seen);

test('a lock that fails does not end the wait of a shutdown', async () => {
  const seen = await seenBy(`
    const letGo = helper.blockQueue(1, 600_000);
    const item = putWorkItem().completed.catch(({ cause }) => cause.code);
    let over = false;
    const down = shutdown().then(() => (over = true));
    process.env.RTWORKQ_FAULT = 'RtwqLockPlatform=80004005';
    try { lockPlatform(); } catch ({ code }) { seen.push(code); }
    delete process.env.RTWORKQ_FAULT;
    await new Promise(setImmediate);
    seen.push(over, await item);
    letGo();
    await down;
    seen.push(over, calls('RtwqShutdown'));`);
  expectSeen(seen, ['E_FAIL', false, 'RTWQ_E_SHUTDOWN', true, 1]);
});

test('a shutdown inside a start leaves no use behind: the next lease ends the platform', async () => {
  const seen = await seenBy(`
    await shutdown();
    let down;
    const signal = { aborted: false, addEventListener() { down = shutdown(); }, removeEventListener() {} };
    const item = scheduleWorkItem(600_000, { signal });
    await down;
    seen.push(item.state, calls('RtwqShutdown'));
    startup().release();
    seen.push(calls('RtwqStartup'), calls('RtwqShutdown'));`);
  expectSeen(seen, ['closed', 2, 3, 3]);
});

test('what a queue of the process is registered as ends with the platform, and starts no other', async () => {
  const seen = await seenBy(`
    await shutdown();
    const before = calls('RtwqStartup');
    const registration = await rtworkq.WorkQueue.multithreaded.registerWithMmcss('Audio');
    await shutdown();
    await registration.unregister();
    seen.push(calls('RtwqStartup') - before, calls('RtwqShutdown') - before);
    const late = rtworkq.WorkQueue.multithreaded.registerWithMmcss('Audio');
    await shutdown();
    await (await late).unregister();
    seen.push(calls('RtwqStartup') - before, calls('RtwqShutdown') - before);`);
  expectSeen(seen, [1, 1, 2, 2]);
});

test('a lease that ends while a shutdown waits ends nothing of those that come later', async () => {
  const seen = await seenBy(`
    const old = startup();
    const letGo = helper.blockQueue(1, 600_000);
    putWorkItem().completed.catch(() => {});
    const down = shutdown();
    const young = startup();
    await down;
    old.release();
    seen.push(calls('RtwqShutdown'));
    letGo();
    await new Promise((resolve) => setTimeout(resolve, 200));
    seen.push(calls('RtwqShutdown'));
    young.release();
    await shutdown();
    seen.push(calls('RtwqShutdown'));`);
  expectSeen(seen, [0, 0, 1]);
});
