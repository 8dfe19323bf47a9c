// Mutexes that are shared between processes and Workers, and holders that end. test/core/handles/mutex.test.ts has one thread's.

import { spawn } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Mutex, ProcessHandle, Semaphore, shutdown, WaitableEvent, waitFor, waitForAny } from 'rtworkq';
import type { HandOverTask } from '../fixtures/mutex-hand-over';
import type { HolderTask } from '../fixtures/mutex-holder';
import { fixture, runCode, runFixture } from '../support/child';
import { isDeep } from '../support/deep';
import { loadHelper } from '../support/helper';
import { uniqueName } from '../support/name';
import { spinUntil } from '../support/time';

let name: string;
let mutex: Mutex;
beforeEach(() => {
  name = uniqueName();
  mutex = Mutex.create({ name });
});
afterEach(async () => {
  mutex.close();
  await shutdown();
});

describe('three processes hand a mutex over', () => {
  const total = isDeep ? 10_000 : 1_000;

  test.each([
    ['with Mutex', total, false],
    ['with locks.request()', total / 10, true],
  ])('%s: exactly one holds it at a time', async (_, handOvers, byRequest) => {
    const file = join(tmpdir(), `rtworkq-hand-over-${process.pid}-${name.slice(6)}`);
    const begunName = uniqueName();
    using begun = Semaphore.create({ name: begunName });
    writeFileSync(file, new Uint8Array(8));
    try {
      const held = await mutex.acquire();
      const task: HandOverTask = { name, file, begun: begunName, handOvers, byRequest };
      const children = [0, 1, 2].map(() => runFixture('mutex-hand-over', { env: { RTWORKQ_TASK: JSON.stringify(task) } }));
      for (let each = 0; each < 3; each++) await Promise.race([waitFor(begun), ...children]);
      held.release();
      let taken = 0;
      for (const ended of await Promise.all(children)) {
        expect(ended).toMatchObject({ code: 0, signal: null, stderr: '' });
        const tally = JSON.parse(ended.last) as { taken: number; broken: number; abandoned: number };
        expect(tally).toMatchObject({ broken: 0, abandoned: 0 });
        taken += tally.taken;
      }
      const [, count] = new Uint32Array(readFileSync(file).buffer.slice(0, 8));
      expect(count).toBeGreaterThanOrEqual(handOvers);
      expect(taken).toBeGreaterThanOrEqual(handOvers);
    } finally {
      rmSync(file);
    }
  });
});

/** Runs the fixture until it is ready to end. */
async function prepared(does: HolderTask['does'], end: HolderTask['end'], where: 'process' | 'Worker') {
  const readyName = uniqueName();
  using ready = WaitableEvent.create({ name: readyName });
  const task: HolderTask = { name, does, end, ready: readyName };
  const isProcess = where === 'process';
  const started = isProcess
    ? spawn(process.execPath, [fixture('mutex-holder')], { stdio: 'ignore', env: { ...process.env, RTWORKQ_TASK: JSON.stringify(task) } })
    : new Worker(fixture('mutex-holder'), { workerData: task });
  // Not once(): a Worker that throws emits 'error' before.
  started.on('error', () => {});
  const exited = new Promise((resolve) => started.on('exit', resolve));
  await Promise.race([waitForAny([ready]), exited]);
  const stop = (): unknown => (started instanceof Worker ? started.terminate() : started.kill('SIGKILL'));
  return { exited, stop, pid: started instanceof Worker ? process.pid : (started.pid as number) };
}

describe.each(['process', 'Worker'] as const)('a %s', (where) => {
  test.each<[does: HolderTask['does'], end: HolderTask['end'], abandoned: boolean]>([
    ['holds', 'stays', true],
    ['holds', 'returns', true],
    ['holds', 'exits', true],
    ['holds', 'throws', true],
    ['holds', 'shuts down', false],
    ['holds', 'closes', false],
    ['forgets', 'stays', true],
    ['forgets', 'returns', true],
    ['requests', 'stays', true],
    ['requests', 'exits', true],
    ['requests', 'shuts down', false],
    ['does not hear', 'exits', false],
    ['does not hear', 'returns', true],
    // A killed process can give nothing back.
    ['does not hear', 'stays', where === 'process'],
  ])('that %s and %s leaves the mutex to the next owner: abandoned %s', async (does, end, abandoned) => {
    const { exited, stop } = await prepared(does, end, where);
    if (end === 'stays') stop();
    const waiting = mutex.acquire();
    using lock = await waiting;
    expect(lock.abandoned).toBe(abandoned);
    await exited;
  });

  test.each<[end: HolderTask['end']]>([['stays'], ['returns'], ['exits'], ['throws'], ['shuts down'], ['closes']])(
    'that waits and %s leaves the mutex to its holder',
    async (end) => {
      using lock = await mutex.acquire();
      const { exited, stop } = await prepared('waits', end, where);
      if (end === 'stays') stop();
      await exited;
      lock.release();
      using other = Mutex.open(name);
      using next = await other.acquire();
      expect(next.abandoned).toBe(false);
    },
  );
});

test('a Worker that holds a mutex excludes another one and the main thread', async () => {
  const { exited, stop } = await prepared('holds', 'stays', 'Worker');
  const second = await prepared('waits', 'stays', 'Worker');
  expect(await mutex.acquire({ timeout: 20 })).toBeUndefined();
  stop();
  await exited;
  second.stop();
  await second.exited;
});

test('an abandoned mutex that was not reported to JavaScript is still abandoned for the next owner', async () => {
  const { exited, stop, pid } = await prepared('holds', 'stays', 'process');
  using holder = ProcessHandle.open(pid);
  const hearsNothing = Mutex.open(name);
  const rejected = expect(hearsNothing.acquire()).rejects.toMatchObject({ code: 'ABORT_ERR' });
  stop();
  spinUntil(() => holder.exitCode !== undefined);
  // The wait has it now.
  expect(loadHelper().mutexState(mutex.handle)).toBe('owned');
  hearsNothing.close();
  await rejected;
  using lock = await mutex.acquire();
  expect(lock.abandoned).toBe(true);
  await exited;
});

test('a forgotten mutex without a name stays while it is waited for or held, and is closed afterwards', async () => {
  const code = `
    const { setImmediate: turn } = require('node:timers/promises');
    const { handleCount, threadCount } = require(process.env.RTWORKQ_TEST_HELPER);
    const collect = async () => { for (let tries = 0; tries < 20; tries++) { await turn(); gc(); } };
    (async () => {
      const first = await (async () => rtworkq.Mutex.create().acquire())();
      await collect();
      console.log(first.released);
      const waiting = (() => { const mutex = rtworkq.Mutex.create(); return mutex.acquire().then((lock) => [lock, mutex.acquire({ timeout: 50 })]); })();
      await collect();
      const [lock, second] = await waiting;
      console.log(lock.released, await second);
      first.release();
      lock.release();
      const before = [handleCount(), threadCount()];
      for (let count = 0; count < 100; count++) (await rtworkq.Mutex.create().acquire()).release();
      for (let tries = 0; tries < 200 && handleCount() - before[0] > 20; tries++) await collect();
      console.log(handleCount() - before[0] <= 20, threadCount() - before[1] <= 20);
    })();`;
  const ended = await runCode(code, { flags: ['--expose-gc'] });
  expect(ended).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/^false\r?\nfalse undefined\r?\ntrue true\r?\n$/) });
});
