// How timers affect their process and thread, for rtworkq/timers and node:timers alike. Then what concerns only ours: Workers and
// the platform.

import { describe, expect, test } from '@jest/globals';
import { shutdown } from 'rtworkq';
import { setTimeout as callLater } from 'rtworkq/timers';
import { setTimeout } from 'rtworkq/timers/promises';
import { type Ended, runCode, runNode } from '../support/child';
import { isDeep } from '../support/deep';
import { leastGrowth } from '../support/handles';
import { LIMIT } from '../support/time';
import { evaluate, firstMessage, runWorker, startWorker } from '../support/worker';

/** JavaScript with the timer functions in scope, and their promise versions as `promises`. */
const withTimers = (modules: string, code: string): string =>
  `const { setTimeout, setInterval, setImmediate, clearTimeout, clearInterval } = require('${modules}');
   const promises = require('${modules}/promises');
   const spin = (ms) => { for (const end = performance.now() + ms; performance.now() < end; ); };
   ${code}`;

/** Runs such code in a process. */
const run = (modules: string, code: string): Promise<Ended> => runCode(withTimers(modules, code));

// Node's own show what is expected.
describe.each(isDeep ? ['node:timers', 'rtworkq/timers'] : ['rtworkq/timers'])('%s', (modules) => {
  test.each([
    ['an import', ''],
    ['unref() of a timeout', 'setTimeout(() => console.log("called"), 3_600_000).unref()'],
    ['unref() of an interval', 'setInterval(() => {}, 3_600_000).unref()'],
    ['unref() after ref()', 'setTimeout(() => {}, 3_600_000).unref().ref().unref().unref()'],
    ['clearTimeout()', 'clearTimeout(setTimeout(() => {}, 3_600_000))'],
    ["clearTimeout() of an unref'd timeout", 'clearTimeout(setTimeout(() => {}, 3_600_000).unref())'],
    ['clearInterval() of a running interval', 'const interval = setInterval(() => clearInterval(interval), 1)'],
    ['close() after ref()', 'setTimeout(() => {}, 3_600_000).unref().ref().close()'],
    ["unref() in the timer's own callback", 'const interval = setInterval(() => interval.unref(), 1)'],
    ["refresh() of an unref'd timeout", 'setTimeout(() => {}, 3_600_000).unref().refresh()'],
    ['refresh() of a cleared timeout', 'const timeout = setTimeout(() => {}, 3_600_000); clearTimeout(timeout); timeout.refresh()'],
    ['a promise with ref: false', 'promises.setTimeout(3_600_000, 1, { ref: false })'],
    ['scheduler.wait() with ref: false', 'promises.scheduler.wait(3_600_000, { ref: false })'],
    ['an async interval with ref: false', 'promises.setInterval(3_600_000, 1, { ref: false }).next()'],
    ['an async interval that is never iterated', 'promises.setInterval(3_600_000)'],
    ['leaving a for await loop', '(async () => { for await (const _ of promises.setInterval(1)) break; })()'],
    ['an exception in a for await loop', '(async () => { for await (const _ of promises.setInterval(1)) throw 1; })().catch(() => {})'],
    [
      'aborting a promise',
      'const c = new AbortController(); promises.setTimeout(3_600_000, 1, { signal: c.signal }).catch(() => {}); c.abort()',
    ],
    ['an already aborted signal', 'promises.setTimeout(3_600_000, 1, { signal: AbortSignal.abort() }).catch(() => {})'],
    [
      'aborting an async interval',
      `const c = new AbortController(); promises.setInterval(3_600_000, 1, { signal: c.signal }).next().catch(() => {});
       setTimeout(() => c.abort(), 1);`,
    ],
    ['the last of many timeouts', 'for (let index = 0; index < 200; index++) setTimeout(() => {}, index / 10)'],
    [
      'closing every one of many timeouts',
      'for (const timeout of Array.from({ length: 200 }, () => setTimeout(() => {}, 3_600_000))) timeout.close()',
    ],
  ])('%s lets the event loop end', async (_, code) => {
    expect(await evaluate(withTimers(modules, code))).toEqual({ code: 0, stdout: '', error: '' });
  });

  test.each([
    ['a timer', 'setTimeout(console.log, 300, "called")'],
    ['a timer after unref() and ref()', 'setTimeout(console.log, 300, "called").unref().ref()'],
    ['a promise', 'promises.setTimeout(300, "called").then(console.log)'],
    ['an interval', 'const interval = setInterval(() => { console.log("called"); clearInterval(interval); }, 300)'],
    [
      'an async interval that is awaited',
      'promises.setInterval(300, "called", { ref: true }).next().then(({ value }) => { console.log(value); process.exit(); })',
    ],
    ["one of two timers that is still ref'd", 'setTimeout(() => {}, 3_600_000).unref(); setTimeout(console.log, 300, "called")'],
    ['the last timer of a chain', 'setTimeout(() => setTimeout(() => setTimeout(console.log, 1, "called"), 1), 1)'],
    ['a timer that is started in beforeExit', 'process.once("beforeExit", () => setTimeout(console.log, 1, "called"))'],
    [
      'a timer that is refreshed in its callback',
      'let calls = 0; const timeout = setTimeout(() => { if (calls++) console.log("called"); else timeout.refresh(); }, 1)',
    ],
    [
      'ref() of a pending timer by another timer',
      'const timeout = setTimeout(console.log, 200, "called").unref(); setTimeout(() => timeout.ref(), 1)',
    ],
  ])('%s keeps the event loop alive', async (_, code) => {
    expect(await evaluate(withTimers(modules, code))).toEqual({ code: 0, stdout: 'called', error: '' });
  });

  test("end or keep alive a process just as they do a Worker's loop", async () => {
    expect(await run(modules, 'setTimeout(() => {}, 3_600_000).unref()')).toMatchObject({ code: 0, stderr: '' });
    expect(await run(modules, 'setTimeout(console.log, 300, "called")')).toMatchObject({ code: 0, last: 'called', stderr: '' });
  });

  test.each([
    ['process.exit()', 'process.exit(5)', 5],
    ['process.exit() in a callback', 'setTimeout(() => process.exit(5), 1)', 5],
    [
      'process.exit() while another timer is due',
      'setTimeout(() => process.exit(5), 1); setTimeout(() => console.log("no"), 1); spin(5)',
      5,
    ],
    ['an uncaught exception', 'setTimeout(() => { throw new Error("thrown on purpose"); }, 1)', 1],
    ['an unhandled rejection', 'setTimeout(async () => { throw new Error("thrown on purpose"); }, 1)', 1],
    ['an unhandled abort', 'promises.setTimeout(1, 1, { signal: AbortSignal.timeout(0) }); spin(20)', undefined],
  ])('%s ends the process with timers pending', async (_, code, exit) => {
    const ended = await run(
      modules,
      `setTimeout(() => console.log('no'), 3_600_000); setInterval(() => {}, 1); promises.setTimeout(3_600_000); ${exit === undefined ? 'setTimeout(() => process.exit(7), 100);' : ''}${code}`,
    );
    expect(ended).toMatchObject({ signal: null, stdout: '' });
    expect(exit === undefined ? [1, 7] : [exit]).toContain(ended.code);
    if (exit === 1) expect(ended.stderr).toContain('Error: thrown on purpose');
  });

  test('an exception in one callback does not affect other timers, and an interval goes on', async () => {
    const ended = await run(
      modules,
      `const seen = [];
       process.on('uncaughtException', (error, origin) => seen.push(error.message, origin));
       setTimeout(() => { seen.push('first'); process.nextTick(() => seen.push('tick')); throw new Error('of the first'); }, 1);
       setTimeout(() => { seen.push('second'); Promise.resolve().then(() => { throw new Error('of a promise'); }); }, 1);
       setTimeout(() => seen.push('third'), 1);
       spin(5);
       let calls = 0;
       setTimeout(() => {
         const interval = setInterval(() => {
           seen.push('interval');
           if (++calls === 3) clearInterval(interval);
           throw new Error('of the interval');
         }, 1);
       }, 2);
       process.on('exit', () => console.log(JSON.stringify(seen)));`,
    );
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    const seen = JSON.parse(ended.last);
    const uncaught = (message: string): string[] => [message, 'uncaughtException'];
    expect(seen.slice(0, 3)).toEqual(['first', ...uncaught('of the first')]);
    // The nextTick callbacks of the timer that threw. Node's run after the next timer.
    expect(seen.slice(3, 8).filter((each: string) => each !== 'tick')).toEqual(['second', 'of a promise', 'unhandledRejection', 'third']);
    expect(seen.slice(8)).toEqual([1, 2, 3].flatMap(() => ['interval', ...uncaught('of the interval')]));
  });

  test('warns about invalid delays', async () => {
    const ended = await run(
      modules,
      `const seen = [];
       process.removeAllListeners('warning');
       process.on('warning', ({ name, message }) => seen.push([name, message]));
       for (const delay of [2 ** 31, 2 ** 31, Infinity, NaN, NaN, -1, -2, 'x']) clearTimeout(setTimeout(() => {}, delay));
       clearInterval(setInterval(() => {}, 2 ** 33));
       promises.setTimeout(2 ** 32, 1, { signal: AbortSignal.timeout(0) }).catch(() => {});
       promises.setTimeout(2 ** 34, 1, { signal: AbortSignal.abort() }).catch(() => {});
       promises.setTimeout(2 ** 34, 1, { signal: 5 }).catch(() => {});
       setTimeout(() => console.log(JSON.stringify(seen)), 10);`,
    );
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    const set = '\nTimeout duration was set to 1.';
    const overflow = (delay: number): string[] => ['TimeoutOverflowWarning', `${delay} does not fit into a 32-bit signed integer.${set}`];
    expect(JSON.parse(ended.last)).toEqual([
      overflow(2 ** 31),
      overflow(2 ** 31),
      overflow(Number.POSITIVE_INFINITY),
      ['TimeoutNaNWarning', `NaN is not a number.${set}`],
      ['TimeoutNegativeWarning', `-1 is a negative number.${set}`],
      overflow(2 ** 33),
      overflow(2 ** 32),
    ]);
  });
});

describe('rtworkq/timers and rtworkq/timers/promises', () => {
  test('are the same for import and require(), and have a default export', async () => {
    const code = `
      import { createRequire } from 'node:module';
      const require = createRequire(import.meta.url);
      const told = [];
      for (const name of ['rtworkq/timers', 'rtworkq/timers/promises']) {
        const [imported, required] = [await import(name), require(name)];
        const names = Object.keys(required);
        told.push([names.length > 3 && imported.default === required && names.every((each) => imported[each] === required[each]), ...names.sort()]);
      }
      console.log(JSON.stringify(told));`;
    const ended = await runNode(['--input-type=module', '-e', code], { cwd: __dirname });
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(ended.last)).toEqual([
      [true, 'Timeout', 'clearImmediate', 'clearInterval', 'clearTimeout', 'promises', 'setImmediate', 'setInterval', 'setTimeout'],
      [true, 'scheduler', 'setImmediate', 'setInterval', 'setTimeout', 'sleepUntil'],
    ]);
  });
});

test("Node's timer, the fallback after shutdown(), never gets a negative delay", async () => {
  const code = `
    const interval = setInterval(() => spin(3), 1);
    const timeouts = Array.from({ length: 20 }, (_, index) => promises.setTimeout(index));
    rtworkq.shutdown();
    spin(10);
    rtworkq.shutdown();
    Promise.all(timeouts).then(() => { clearInterval(interval); console.log('all'); });`;
  expect(await run('rtworkq/timers', code)).toMatchObject({ code: 0, last: 'all', stderr: '' });
});

describe('Workers', () => {
  test('run their timers while the main thread is blocked', async () => {
    const shared = new SharedArrayBuffer(4);
    await using worker = startWorker({ how: 'time', shared });
    const exit = new Promise((resolve) => worker.once('exit', resolve));
    // Starting a Worker needs the main thread, so wait until it is online.
    await new Promise((resolve) => worker.once('online', resolve));
    const flag = new Int32Array(shared);
    const woken = Atomics.load(flag, 0) === 40 ? 'not-equal' : Atomics.wait(flag, 0, 0, LIMIT);
    expect(woken).not.toBe('timed-out');
    expect(flag[0]).toBe(40);
    expect(await exit).toBe(0);
  });

  test("can end with timers pending, 50 times, without affecting other threads' timers", async () => {
    const own = setTimeout(20, 'own');
    const how = ['leave timers', 'stay with timers', 'exit with timers', 'leave'];
    for (let round = 0; round < 10; round++) {
      await Promise.all(
        Array.from({ length: 5 }, async (_, index) => {
          await using worker = startWorker({ how: how[(round + index) % how.length]! });
          const exit = new Promise((resolve) => worker.once('exit', resolve));
          expect(['left', 'staying']).toContain(await firstMessage(worker));
          if ((round + index) % how.length === 1) await worker.terminate();
          await exit;
        }),
      );
      await setTimeout(1);
    }
    expect(await own).toBe('own');
  });
});

test('timers leak no handles', async () => {
  const rounds = 10;
  const growth = await leastGrowth(rounds, async () => {
    for (let round = 0; round < rounds; round++) {
      for (let index = 0; index < 200; index++) callLater(() => {}, 3_600_000).close();
      const pending = setTimeout(5);
      await setTimeout(1);
      await shutdown();
      await pending;
      await runWorker({ how: 'leave timers' });
    }
  });
  expect(growth).toBeLessThan(rounds);
});
