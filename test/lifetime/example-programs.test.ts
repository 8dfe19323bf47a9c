// Runs the programs in examples/ as they are, and checks what they print and that they end by themselves.

import { spawn } from 'node:child_process';
import { copyFileSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ProcessHandle } from 'rtworkq';
import { type Ended, fixture, runFixture, runNode } from '../support/child';
import { FALLBACK } from '../support/fallback';
import { makeFolder, removeFolder } from '../support/folders';

const root = join(__dirname, '../../..');
const example = (name: string): string => join(root, 'examples', name);

/** The output lines of a program, which must have succeeded. */
function linesOf({ code, signal, stdout, stderr }: Ended): string[] {
  expect({ code, signal, stderr }).toEqual({ code: 0, signal: null, stderr: '' });
  return stdout.trim().split(/\r?\n/);
}

const run = async (name: string, ...args: string[]): Promise<string[]> => linesOf(await runNode([example(name), ...args]));

/** The numbers in a line. */
const numbersIn = (line = ''): number[] => (line.match(/\d+(\.\d+)?/g) ?? []).map(Number);

/** In milliseconds. Nothing may be early, but two threads' clocks may differ by this much. */
const CLOCK_DIFFERENCE = 0.1;

const uniqueName = (): string => `rtworkq-${process.pid}-${Math.random().toString(36).slice(2)}`;

test('demo.js runs to its end', async () => {
  expect((await run('demo.js')).at(-1)).toBe('demo ok');
});

test('metronome.mjs prints every beat or counts it as missed', async () => {
  const lines = await run('metronome.mjs', '1200', '6');
  for (const line of lines) expect(line).toMatch(/^beat \d+: -?\d+\.\d{3} ms late, \d+ missed$/);
  const missed = lines.map((line) => numbersIn(line)[2] ?? 0).reduce((sum, each) => sum + each);
  const [last = 0] = numbersIn(lines.at(-1));
  expect(last).toBe(lines.length + missed);
  expect(last).toBeGreaterThanOrEqual(6);
});

test('precise-sleep.mjs never wakes early', async () => {
  const lines = await run('precise-sleep.mjs', '5');
  expect(lines).toHaveLength(9);
  // Only Node's own timer may be early.
  for (const line of lines.slice(0, 3)) expect(numbersIn(line)[1]).toBeGreaterThan(5 - CLOCK_DIFFERENCE);
  expect(lines[3]).toMatch(/^Node's timer: asked for 5 ms, slept /);
  for (const line of lines.slice(4)) {
    const [, due = 0, came] = numbersIn(line);
    expect(came).toBeGreaterThan(due - CLOCK_DIFFERENCE);
  }
});

test('audio-worker.mjs fills buffers while the main thread is blocked', async () => {
  let lines: string[];
  // If the machine stalls while the main thread is blocked, no buffer is filled either, so this repeats until some are.
  do {
    lines = await run('audio-worker.mjs');
    expect(lines[1]).toMatch(/^\d+ buffers were filled while the main thread was blocked$/);
  } while (numbersIn(lines[1])[0] === 0);
  const [mmcss, , end, ...others] = lines;
  expect(mmcss).toMatch(/^the Worker runs (in the MMCSS class Pro Audio|without MMCSS)$/);
  expect(end).toMatch(/^100 buffers, at most \d+\.\d{3} ms late, \d+ of them more than 10 ms late$/);
  expect(others).toEqual([]);
});

test('event-between-processes.mjs exchanges signals with a second process', async () => {
  // Two processes write, so their lines may come in any order.
  const lines = await run('event-between-processes.mjs');
  expect(lines.sort()).toEqual([
    ...Array(3).fill('first: got a question, answering'),
    'first: the second process exited with 0',
    'second: got answer 1',
    'second: got answer 2',
    'second: got answer 3',
  ]);
});

test('child-exit.mjs waits for a process by its id', async () => {
  const other = spawn(process.execPath, ['-e', 'setTimeout(() => process.exit(5), 2_000)'], { stdio: 'ignore' });
  // With a handle open, the id stays valid even if the process exits before the program opens it.
  using _ = ProcessHandle.open(other.pid ?? 0);
  expect(await run('child-exit.mjs', String(other.pid))).toEqual([`process ${other.pid} exited with 5`]);
});

test('child-exit.mjs waits for child processes, and kills one that takes too long', async () => {
  expect(await run('child-exit.mjs')).toEqual([
    'the first process exited with 3',
    'the second process is still running after 500 ms: killing it',
    'the second process exited with 1',
  ]);
});

test('one-of-many.mjs prints each job that ends, and kills the last one', async () => {
  const lines = await run('one-of-many.mjs', '5');
  expect(lines.pop()).toBe('stopped: killing a job that is still running');
  expect(lines.sort()).toEqual([1, 2, 3, 4, 5].map((number) => `a job exited with ${number}`));
});

describe('the example graceful-sigint.mjs', () => {
  test('stops everything that waits on Ctrl+C', async () => {
    const lines = linesOf(await runFixture('ctrl-c', { args: ['drawing', example('graceful-sigint.mjs')] }));
    expect([lines[0], lines.at(-1)]).toEqual(['drawing', 'done']);
    expect(lines.slice(1, -1).sort()).toEqual(['drawing cleaned up', 'stopped: Ctrl+C', 'stopped: Ctrl+C']);
  });

  test('ends by itself without Ctrl+C', async () => {
    const lines = await run('graceful-sigint.mjs', '3');
    expect(lines).toEqual(['drawing', 'drawing cleaned up', 'stopped: all frames are drawn', 'done']);
  });
});

test('single-instance.mjs lets only one instance run', async () => {
  const lines = await run('single-instance.mjs', uniqueName());
  expect(lines[0]).toBe('this is the first instance');
  expect(lines.slice(1).sort()).toEqual(['first instance: coming to the front', 'second instance: already running']);
});

test('lock-between-processes.mjs hands the lock on when its holder is killed or releases it', async () => {
  expect(await run('lock-between-processes.mjs', uniqueName())).toEqual([
    'victim: has the lock',
    'the lock is taken',
    'the victim was killed, and we have the lock; abandoned: true',
    'waiter: waits for the lock',
    'we released the lock, and the waiter has the lock',
  ]);
});

test('fallback.mjs uses RTWorkQ on Windows', async () => {
  const [fired, aborted, outcome, ...others] = linesOf(await runFixture('fallback', { args: [example('fallback.mjs')] }));
  expect(fired).toMatch(/^RTWorkQ: status 0, after \d+\.\d{3} ms$/);
  expect(aborted).toBe('AbortError ABORT_ERR: the user left');
  expect(JSON.parse(outcome ?? '')).toEqual(FALLBACK);
  expect(others).toEqual([]);
});

test('simulated-test.mjs passes', async () => {
  expect((await run('simulated-test.mjs')).join('\n')).toMatch(/pass 3\n.*fail 0/);
});

test('koffi-handle.mjs waits for a handle from koffi', async () => {
  const ended = await runNode(['--require', fixture('koffi'), example('koffi-handle.mjs')]);
  expect(linesOf(ended)).toEqual(Array(2).fill('a file was created, renamed or deleted'));
});

test('native-work/index.mjs runs native code on the queue while JavaScript goes on', async () => {
  const addon = process.env['RTWORKQ_EXAMPLE_ADDON'] ?? example('native-work/build/Release/count_primes.node');
  // If the addon was built elsewhere, the program is copied there.
  const program = join(dirname(addon), '../../index.mjs');
  if (relative(example('native-work'), dirname(program)) !== '') copyFileSync(example('native-work/index.mjs'), program);
  const [put, end, ...others] = linesOf(await runNode([program, '100000']));
  expect(put).toBe('put 64 slices, and JavaScript continues');
  expect(end).toMatch(/^9592 primes below 100000; the last slice started \d+\.\d{3} ms after the first$/);
  expect(others).toEqual([]);
});

test('electron/main.mjs runs in a Node that is named electron.exe', async () => {
  const folder = makeFolder('electron');
  try {
    const exe = join(folder, 'electron.exe');
    copyFileSync(process.execPath, exe);
    const lines = linesOf(await runNode(['--require', fixture('electron'), example('electron/main.mjs')], { exe }));
    expect(lines).toEqual([
      'main: a work item fired',
      ...[1, 2, 3].map((beat) => `utility process: beat ${beat}`),
      'page: a work item fired',
      'reloaded page: a work item fired',
    ]);
  } finally {
    removeFolder(folder);
  }
});

describe('the example debounced-saver.mjs', () => {
  let folder: string;

  beforeAll(() => {
    folder = makeFolder('saver');
  });

  afterAll(() => removeFolder(folder));

  test('saves once for five changes, and immediately when the program ends', async () => {
    const file = join(folder, 'text');
    expect(await run('debounced-saver.mjs', file)).toEqual(['save 1: hello', 'save 2: hello world']);
    expect(readFileSync(file, 'utf8')).toBe('hello world');
  });

  test.each([
    ['saves once if its timer has fired when the next change comes', ['two'], []],
    ['saves again after a failure', ['after the failure'], ['the disk is full']],
    ['saves a change made during a save once that save is over', ['one', 'two'], []],
    ['saves a change made by the save itself', ['one', 'two'], []],
    ['saves immediately on shutdown()', ['two'], []],
    ['saves a change that the save itself makes before shutdown()', ['one', 'two'], []],
  ])('%s', async (scenario, saved, failures) => {
    const ended = await runFixture('debounced', { args: [join(folder, 'text'), example('debounced-saver.mjs'), scenario] });
    // The example may still print its own last save.
    const line = linesOf(ended).find((each) => each.startsWith('{'));
    expect(JSON.parse(line ?? '')).toEqual({ saved, failures });
  });
});
