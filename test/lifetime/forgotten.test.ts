// Handles that are garbage-collected without having been closed.

import { describe, expect, test } from '@jest/globals';
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

describe('what has a name', () => {
  const make: Record<string, string> = {
    event: "rtworkq.WaitableEvent.create({ name: name('event') })",
    semaphore: "rtworkq.Semaphore.create({ name: name('semaphore') })",
    timer: "rtworkq.WaitableTimer.create({ name: name('timer') })",
    mutex: "rtworkq.Mutex.create({ name: name('mutex') })",
  };

  test.each(Object.entries(make))('stays open although its %s is forgotten, created or opened', async (_, create) => {
    const open = create.replace('.create({ name: ', '.open(').replace(' })', ')');
    const ended = await runCode(
      `
      const { setImmediate: turn } = require('node:timers/promises');
      const name = (kind) => 'Local\\\\rtworkq-named-' + kind + process.pid;
      const collect = async () => { for (let tries = 0; tries < 20; tries++) { await turn(); gc(); } };
      (async () => {
        (() => ${create})();
        await collect();
        const created = ${create};
        console.log(created.createdNew);
        (() => { ${open}; created.close(); })();
        await collect();
        console.log(${create}.createdNew);
      })();`,
      { flags: ['--expose-gc'] },
    );
    expect(ended).toMatchObject({ code: 0, stdout: expect.stringMatching(/^false\r?\nfalse\r?\n$/), stderr: '' });
  });

  test.each([
    ['a lock', 'await rtworkq.Mutex.create({ name }).acquire()'],
    [
      'locks.request()',
      'await new Promise((resolve) => { rtworkq.locks.request(name, () => { resolve(); return new Promise(() => {}); }); })',
    ],
  ])('stays locked although %s is forgotten, until shutdown()', async (_, hold) => {
    const ended = await runCode(
      `
      const { setImmediate: turn } = require('node:timers/promises');
      const name = 'Local\\\\rtworkq-locked-' + process.pid;
      const lockNow = () => rtworkq.Mutex.create({ name }).acquire({ timeout: 0 });
      (async () => {
        await (async () => { ${hold}; })();
        for (let tries = 0; tries < 20; tries++) { await turn(); gc(); }
        const before = await lockNow();
        await rtworkq.shutdown();
        console.log(before === undefined, (await lockNow()) !== undefined);
      })();`,
      { flags: ['--expose-gc'] },
    );
    expect(ended).toMatchObject({ code: 0, last: 'true true', stderr: '' });
  });

  test('is free again when the Worker that forgot it has ended', async () => {
    const code = `
      const rtworkq = require('rtworkq');
      const { parentPort, workerData } = require('node:worker_threads');
      for (let index = 0; index < 1_000; index++) rtworkq.WaitableEvent.create({ name: workerData + index });
      parentPort.postMessage('made');`;
    const ended = await runCode(`
      const { Worker } = require('node:worker_threads');
      const { once } = require('node:events');
      const name = 'Local\\\\rtworkq-worker-names-' + process.pid + '-';
      const others = () => {
        let found = 0;
        for (let index = 0; index < 1_000; index++) {
          const event = rtworkq.WaitableEvent.create({ name: name + index });
          if (!event.createdNew) found++;
          event.close();
        }
        return found;
      };
      (async () => {
        const worker = new Worker(${JSON.stringify(code)}, { eval: true, workerData: name });
        const ended = once(worker, 'exit');
        await once(worker, 'message');
        await ended;
        console.log(others());
      })();`);
    expect(ended).toMatchObject({ code: 0, last: '0', stderr: '' });
  });
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
