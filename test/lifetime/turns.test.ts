// The JavaScript thread briefly polls for the next completion. The rest of the program must still get its turns.

import { expect, test } from '@jest/globals';
import { runCode } from '../support/child';

async function run(code: string): Promise<number[]> {
  const ended = await runCode(`
    const { putWorkItem, invokeCallback } = rtworkq;
    const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
    (async () => { console.log(JSON.stringify(await (async () => { ${code} })())); })();`);
  expect(ended).toMatchObject({ code: 0, signal: null, stderr: '' });
  return JSON.parse(ended.last);
}

test.each([1, 8])('timers, I/O and setImmediate go on while work items follow each other, %d at a time', async (lanes) => {
  const counts = await run(`
    const { stat } = require('node:fs/promises');
    const counts = [0, 0, 0];
    let over = false;
    const follow = async (put) => { while (!over) await put(); };
    const immediate = () => { counts[0]++; if (!over) setImmediate(immediate); };
    setImmediate(immediate);
    const interval = setInterval(() => counts[1]++, 1);
    const all = Array.from({ length: ${lanes} }, (_, index) => follow(index % 2 ? invokeCallback : putWorkItem));
    const reads = (async () => { while (!over) { await stat('.'); counts[2]++; } })();
    // Measured in CPU time, because a busy machine gives its processors to others.
    const before = process.cpuUsage();
    const used = () => { const { user, system } = process.cpuUsage(before); return (user + system) / 1_000; };
    while (used() < 1_000) await sleep(100);
    over = true;
    clearInterval(interval);
    await Promise.all([...all, reads]);
    return counts;`);
  for (const count of counts) expect(count).toBeGreaterThan(20);
});

// Each is due again by the time its code has run.
test.each([
  ['an interval whose function overruns it', 'timers.setInterval(() => work(4), 1);'],
  [
    'an async interval whose loop overruns it',
    'loop(async () => { for await (const _ of promises.setInterval(1)) { work(4); if (over) break; } });',
  ],
  ['two sleepers', 'for (let lane = 0; lane < 2; lane++) loop(async () => { await promises.setTimeout(1); work(4); });'],
  ['a chain of work items', 'loop(async () => { await putWorkItem(); work(2); });'],
  ['two chains of work items', 'for (let lane = 0; lane < 2; lane++) loop(async () => { await putWorkItem(); work(2); });'],
  ['two chains of putWorkItems()', 'for (let lane = 0; lane < 2; lane++) loop(async () => { await rtworkq.putWorkItems(1); work(2); });'],
  ['two periodic callbacks', 'for (let lane = 0; lane < 2; lane++) rtworkq.addPeriodicCallback(() => work(20), { ref: false });'],
])('%s cannot starve the rest of the program', async (_, code) => {
  const [most] = await run(`
    const timers = require('rtworkq/timers');
    const promises = require('rtworkq/timers/promises');
    let over = false;
    let inRow = 0;
    let most = 0;
    let calls = 0;
    const work = (milliseconds) => {
      calls++;
      most = Math.max(most, ++inRow);
      for (const end = performance.now() + milliseconds; performance.now() < end; );
    };
    const loop = async (step) => { while (!over) await step(); };
    const immediate = () => { inRow = 0; if (!over) setImmediate(immediate); };
    setImmediate(immediate);
    ${code}
    while (calls < 60) await new Promise(setImmediate);
    setTimeout(() => process.exit(), 100);
    over = true;
    return [most];`);
  expect(most).toBeLessThan(20);
});

test('an idle program uses hardly any CPU time', async () => {
  const [used] = await run(`
    for (let turn = 0; turn < 200; turn++) await putWorkItem();
    const item = rtworkq.scheduleWorkItem(2_000);
    const before = process.cpuUsage();
    await sleep(1_500);
    const { user, system } = process.cpuUsage(before);
    item.cancel();
    return [(user + system) / 1_000];`);
  // In milliseconds. Constant polling would use 1500.
  expect(used).toBeLessThan(300);
});

test('a work item settles even if none follows it, and the process ends', async () => {
  const seen = await run(`
    const seen = [];
    for (let turn = 0; turn < 300; turn++) {
      seen.push((await putWorkItem()).status);
      if (turn % 10 === 0) await sleep(1);
    }
    return seen;`);
  expect(seen).toEqual(Array(300).fill(0));
});
