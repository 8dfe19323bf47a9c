// How often an idle program is woken. Only Linux reports how often threads have blocked, so this needs Wine.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeFolder, removeFolder } from '../support/folders';
import { root } from '../support/host';

const testLinux = process.platform === 'linux' ? test : test.skip;

// Threads with nothing to do end after five seconds, so the first windows may not be quiet.
const WINDOW_MS = 6_000;
const MAX_WINDOWS = 10;

let folder: string;
beforeAll(() => {
  folder = makeFolder('idle program');
});
afterAll(() => removeFolder(folder));

/** The node.exe that runs a script, by its id on Linux. */
function processOf(script: string): string | undefined {
  return readdirSync('/proc').find((id) => {
    try {
      const words = readFileSync(`/proc/${id}/cmdline`, 'utf8').split('\0');
      return words[0]?.endsWith('node.exe') && words.some((word) => word.endsWith(script));
    } catch {
      // It is no process, or has ended.
      return false;
    }
  });
}

/** How often each thread of a process has blocked so far. */
const wakeUpsOf = (id: string): Map<string, number> =>
  new Map(
    readdirSync(`/proc/${id}/task`).map((task) => {
      const status = readFileSync(`/proc/${id}/task/${task}/status`, 'utf8');
      return [task, Number(/^voluntary_ctxt_switches:\s*(\d+)/m.exec(status)?.[1])];
    }),
  );

async function wakeUpsInWindow(id: string): Promise<number> {
  const before = wakeUpsOf(id);
  await sleep(WINDOW_MS);
  return [...wakeUpsOf(id)].reduce((sum, [task, count]) => sum + count - (before.get(task) ?? 0), 0);
}

testLinux('a pending timer does not wake the program before it is due', async () => {
  const name = `ten-minutes-${process.pid}.js`;
  const script = join(folder, name);
  writeFileSync(
    script,
    `const { setTimeout } = require('rtworkq/timers');
     setTimeout(() => setTimeout(() => {}, 600_000) && console.log('ready'), 1);`,
  );
  const runner = spawn(process.execPath, [join(root, 'scripts/win.mjs'), script], { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = once(runner, 'exit');
  for await (const line of runner.stdout.setEncoding('utf8')) if (String(line).includes('ready')) break;
  const id = processOf(name);
  expect(id).toBeDefined();
  try {
    const windows: number[] = [];
    do windows.push(await wakeUpsInWindow(id as string));
    while (windows.length < MAX_WINDOWS && windows.at(-1) !== 0);
    expect(windows.at(-1)).toBe(0);
  } finally {
    process.kill(Number(id), 'SIGKILL');
    await ended;
  }
});
