// Many timers, and what is left of timers that have ended.

import { afterEach, expect, test } from '@jest/globals';
import { isSupported, pendingOperations, shutdown } from 'rtworkq';
import { setInterval as callEvery, setTimeout as callLater, clearInterval } from 'rtworkq/timers';
import { setInterval, setTimeout } from 'rtworkq/timers/promises';
import { runCode } from '../../support/child';
import { failureOf } from '../../support/errors';
import { foreignSignal } from '../../support/hostile';
import { spin } from '../../support/time';

afterEach(async () => {
  if (isSupported()) await shutdown();
});

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('all of thousands of timers that are due together run soon, in their order', async () => {
  const count = 2_500;
  const seen: number[] = [];
  for (let index = 0; index < count; index++) callLater(() => seen.push(index), 1);
  spin(10);
  while (seen.length === 0) await nextTurn();
  // At least 1,000 in a turn of the loop.
  for (let turn = 0; turn < 20 && seen.length < count; turn++) await nextTurn();
  expect(seen).toEqual(Array.from({ length: count }, (_, index) => index));
});

test('an interval that is refreshed in its own callback is due once, a period later', async () => {
  const period = 3;
  let refreshedAt = performance.now();
  const gaps: number[] = [];
  await new Promise<void>((resolve) => {
    const interval = callEvery(() => {
      gaps.push(performance.now() - refreshedAt);
      if (gaps.length === 20) {
        clearInterval(interval);
        resolve();
      }
      refreshedAt = performance.now();
      interval.refresh();
    }, period);
  });
  for (const gap of gaps) expect(gap).toBeGreaterThan(period - 1e-6);
});

test('a sleep of 49 days is not too long for the timer behind it', async () => {
  const ended = await runCode(`
    const { sleepUntil } = require('rtworkq/timers/promises');
    sleepUntil(performance.now() + 49 * 86_400_000, { ref: false }).then(() => console.log('too early'));
    setTimeout(() => console.log('over'), 20);`);
  expect(ended).toMatchObject({ code: 0, stdout: expect.stringMatching(/^over\s*$/), stderr: '' });
});

test('200,000 timers that were cleared leave almost nothing in memory', async () => {
  const ended = await runCode(
    `const { setTimeout, clearTimeout } = require('rtworkq/timers');
     const cycle = () => { for (let index = 0; index < 200_000; index++) clearTimeout(setTimeout(() => {}, 3_600_000)); };
     const pending = setTimeout(() => {}, 3_600_000);
     cycle();
     gc();
     const before = process.memoryUsage().heapUsed;
     cycle();
     gc();
     console.log((process.memoryUsage().heapUsed - before) / 2 ** 20);
     clearTimeout(pending);`,
    { flags: ['--expose-gc'] },
  );
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  // They take about 60.
  expect(Number(ended.last)).toBeLessThan(5);
});

test.each([
  ['its signal aborts', () => AbortSignal.timeout(1)],
  ['its signal has aborted', () => AbortSignal.abort()],
  [
    'listening to its signal throws',
    () =>
      foreignSignal({
        add() {
          throw new Error('thrown on purpose');
        },
      }).signal,
  ],
])('a promise that rejects because %s leaves no timer pending', async (_, makeSignal) => {
  await failureOf(() => setTimeout(3_600_000, undefined, { signal: makeSignal() }));
  await failureOf(() => setInterval(3_600_000, undefined, { signal: makeSignal() }).next());
  expect(pendingOperations()).toEqual([]);
});

test('a promise is resolved once', async () => {
  const ended = await runCode(`
    const { setInterval, setTimeout } = require('rtworkq/timers/promises');
    process.on('multipleResolves', (type) => console.log('again:', type));
    (async () => {
      const controller = new AbortController();
      let ticks = 0;
      for await (const _ of setInterval(1)) {
        if (++ticks === 5) break;
        await setTimeout(4);
      }
      const sleep = setTimeout(1, 0, { signal: controller.signal });
      const loop = setInterval(1, 0, { signal: controller.signal });
      await loop.next();
      await sleep;
      controller.abort();
      await loop.next().catch(() => {});
      console.log('over');
    })();`);
  expect(ended).toMatchObject({ code: 0, stdout: expect.stringMatching(/^over\s*$/) });
});
