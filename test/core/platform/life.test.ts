// Other code runs while the platform starts or shuts down. In separate processes, where the stand-in RTWorkQ.dll counts its calls;
// the DLLs of Wine and Windows do not.

import { expect, test } from '@jest/globals';
import { runCode } from '../../support/child';
import { helperFile } from '../../support/helper';

/** Runs a program and returns what it pushed into `seen`. */
async function seenBy(code: string): Promise<unknown> {
  const { last, stderr } = await runCode(`
    const helper = require(${JSON.stringify(helperFile)});
    const { lockPlatform, putWorkItem, scheduleWorkItem, shutdown, startup } = rtworkq;
    const count = (name) => Number(process.env['RTWORKQ_CALLS_' + name] ?? 0);
    // The program inherits the counts of this process with its environment.
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

test('lockPlatform() that fails does not end a waiting shutdown()', async () => {
  const seen = await seenBy(`
    const unblock = helper.blockQueue(1, 600_000);
    const item = putWorkItem().completed.catch(({ cause }) => cause.code);
    let over = false;
    const down = shutdown().then(() => (over = true));
    process.env.RTWORKQ_FAULT = 'RtwqLockPlatform=80004005';
    try { lockPlatform(); } catch ({ code }) { seen.push(code); }
    delete process.env.RTWORKQ_FAULT;
    await new Promise(setImmediate);
    seen.push(over, await item);
    unblock();
    await down;
    seen.push(over, calls('RtwqShutdown'));`);
  expectSeen(seen, ['E_FAIL', false, 'RTWQ_E_SHUTDOWN', true, 1]);
});

test('shutdown() during the start of a work item leaves nothing that holds the platform: the next lease ends it', async () => {
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

test("the MMCSS registration of one of the process's own queues ends at shutdown(), and does not start the platform again", async () => {
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

test('a lease from before shutdown() does not end a later one when it is released', async () => {
  const seen = await seenBy(`
    const old = startup();
    const unblock = helper.blockQueue(1, 600_000);
    putWorkItem().completed.catch(() => {});
    const down = shutdown();
    const young = startup();
    await down;
    old.release();
    seen.push(calls('RtwqShutdown'));
    unblock();
    await new Promise((resolve) => setTimeout(resolve, 200));
    seen.push(calls('RtwqShutdown'));
    young.release();
    await shutdown();
    seen.push(calls('RtwqShutdown'));`);
  expectSeen(seen, [0, 0, 1]);
});
