// Queues, native work, handles and waits when their thread or the process ends, and when they are garbage-collected.

import { describe, expect, test } from '@jest/globals';
import { expectOneOf, PATIENCE } from '../support/answers';
import { runCode } from '../support/child';

const PREAMBLE = `
  const { Worker } = require('node:worker_threads');
  const { setTimeout: sleep } = require('node:timers/promises');
  const addon = require(process.env.RTWORKQ_WORK_ADDON);
  /** Collects garbage until the condition holds, or Windows has had enough time. */
  const until = async (condition) => {
    for (const end = performance.now() + ${PATIENCE}; !condition() && performance.now() < end; ) { globalThis.gc?.(); await sleep(20); }
    return condition();
  };
  const inWorker = (code) => new Promise((resolve, reject) => {
    const worker = new Worker('const rtworkq = require("rtworkq"); const addon = () => require(process.env.RTWORKQ_WORK_ADDON);' + code,
      { eval: true });
    worker.once('error', reject);
    worker.once('exit', resolve);
    worker.on('message', (message) => { if (message === 'terminate') worker.terminate(); });
  });
  const lockable = (id) => { try { rtworkq.WorkQueue.lock(id).close(); return true; } catch (error) { return error.code !== 'RTWQ_E_INVALID_WORKQUEUE'; } };
`;

/** The last line that a program prints. The program must succeed. */
async function lastLine(code: string, flags: string[] = []): Promise<string> {
  const ended = await runCode(`${PREAMBLE}(async () => {${code}})();`, { flags });
  expect({ code: ended.code, stderr: ended.stderr }).toEqual({ code: 0, stderr: '' });
  return ended.last;
}

describe('a queue', () => {
  test('is unlocked when it is garbage-collected', async () => {
    const last = await lastLine(
      `rtworkq.startup();
       const id = (() => rtworkq.WorkQueue.allocate('standard').id)();
       console.log(lockable(id), await until(() => !lockable(id)));`,
      ['--expose-gc'],
    );
    expectOneOf('RtwqLockWorkQueue rejects a garbage-collected queue', last, 'true true', 'true false');
  });

  test('still runs its work items after it was garbage-collected', async () => {
    const last = await lastLine(
      `rtworkq.startup();
       const items = (() => {
         const queue = rtworkq.WorkQueue.allocate('standard');
         return [queue.id, queue.schedule(200), queue.put()];
       })();
       for (let round = 0; round < 5; round++) { gc(); await sleep(10); }
       const results = [await items[1], await items[2]].map(({ status }) => status);
       console.log(results.join(), await until(() => !lockable(items[0])));`,
      ['--expose-gc'],
    );
    expectOneOf('RtwqLockWorkQueue rejects a garbage-collected queue after its last work item', last, '0,0 true', '0,0 false');
  });

  test('of a Worker is unlocked when the Worker ends, even with work pending', async () => {
    const last = await lastLine(
      `rtworkq.startup();
       let gone = 0;
       for (const end of ['', 'process.exit(0)', 'require("worker_threads").parentPort.postMessage("terminate"); setInterval(() => {}, 1000)']) {
         const shared = new Int32Array(new SharedArrayBuffer(4));
         await new Promise((resolve, reject) => {
           const worker = new Worker(\`
             const { workerData, parentPort } = require('node:worker_threads');
             const rtworkq = require('rtworkq');
             const queue = rtworkq.WorkQueue.allocate('standard');
             workerData[0] = queue.id;
             queue.schedule(3_600_000, { ref: false });
             for (let index = 0; index < 50; index++) queue.put({ ref: false });
             queue.wait(rtworkq.WaitableEvent.create(), { ref: false });
             \${end}\`, { eval: true, workerData: shared });
           worker.once('error', reject);
           worker.once('exit', resolve);
           worker.on('message', () => worker.terminate());
         });
         if (await until(() => !lockable(shared[0]))) gone++;
       }
       console.log(gone);`,
    );
    expectOneOf('how many queues of three ended Workers RtwqLockWorkQueue rejects', last, '3', '0', '1', '2');
  });

  test('does not keep the process alive', async () => {
    expect(await lastLine("rtworkq.WorkQueue.allocate('standard'); console.log('end');")).toBe('end');
  });

  test.each(['', 'process.exit(0);', 'setImmediate(() => process.exit(0)); queue.close();'])(
    'can be busy when the process ends: %s',
    async (end) => {
      const last = await lastLine(
        `const queue = rtworkq.WorkQueue.allocate('multithreaded');
         const recorder = addon.makeRecorder(200, 0);
         for (let index = 0; index < 8; index++) queue.put({ work: recorder.work, ref: false });
         queue.wait(rtworkq.WaitableEvent.create(), { ref: false });
         rtworkq.addPeriodicCallback(() => {}, { ref: false });
         console.log('end');
         ${end}`,
      );
      expect(last).toBe('end');
    },
  );

  test('in each of 30 Workers leaves the platform usable when they end', async () => {
    const last = await lastLine(
      `for (let round = 0; round < 10; round++) {
         await Promise.all(Array.from({ length: 3 }, () => inWorker(\`
           const queue = rtworkq.WorkQueue.allocateSerial(rtworkq.WorkQueue.multithreaded);
           for (let index = 0; index < 20; index++) queue.put({ ref: index > 10 });
         \`)));
       }
       await rtworkq.putWorkItem();
       await rtworkq.shutdown();
       console.log('end');`,
    );
    expect(last).toBe('end');
  });
});

describe('native work', () => {
  test('releases its context', async () => {
    const last = await lastLine(
      `for (let round = 0; round < 20; round++) await rtworkq.putWorkItem({ work: addon.makeRecorder(0, 0).work });
       const serial = rtworkq.WorkQueue.allocateSerial(rtworkq.WorkQueue.multithreaded);
       for (let round = 0; round < 20; round++) await serial.put({ work: addon.makeRecorder(0, 0).work });
       for (const queue of [serial, rtworkq.WorkQueue.multithreaded]) {
         await queue.putMany(20, { work: addon.makeRecorder(0, 0).work });
         queue.putMany(20, { work: addon.makeRecorder(1, 0).work }).cancel();
       }
       rtworkq.scheduleWorkItem(3_600_000, { work: addon.makeRecorder(0, 0).work }).cancel();
       console.log(await until(() => addon.liveRecorders().length === 0), addon.liveRecorders().length);`,
      ['--expose-gc'],
    );
    expect(last).toBe('true 0');
  });

  test('of an addon runs to its end after its Worker has ended, and only then is the addon unloaded', async () => {
    // The main thread must not load the other addon here.
    const ended = await runCode(`
      const { Worker } = require('node:worker_threads');
      const { setTimeout: sleep } = require('node:timers/promises');
      (async () => {
        const names = ['ended', 'release'].map((name) => 'Local\\\\rtworkq-unloading-' + name + process.pid);
        const [ended, release] = names.map((name) => rtworkq.WaitableEvent.create({ name }));
        const loaded = () => require(process.env.RTWORKQ_TEST_HELPER).moduleLoaded('work_addon.node');
        await new Promise((resolve) => new Worker(\`
          const rtworkq = require('rtworkq');
          const addon = require(process.env.RTWORKQ_WORK_ADDON);
          const recorder = addon.makeRecorder(0, 0, ...require('node:worker_threads').workerData);
          rtworkq.WorkQueue.multithreaded.put({ work: recorder.work, ref: false });
          while (recorder.begun() === 0);
          process.exit(0);
        \`, { eval: true, workerData: names }).once('exit', resolve));
        const during = loaded();
        release.set();
        const heard = await rtworkq.waitFor(ended, { timeout: 3_600_000 });
        for (let attempt = 0; attempt < 10_000 && loaded(); attempt++) await sleep(20);
        console.log(during, heard, loaded());
      })();`);
    expect({ code: ended.code, last: ended.last }).toEqual({ code: 0, last: 'true signaled false' });
  });
});
