// The programs in examples/ compile, are listed in the table of its README.md, and are tested. Those for every system run here;
// test/lifetime/example-programs.test.ts runs all of them in the Windows Node.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { FALLBACK } from '../support/fallback';
import { makeFolder, removeFolder } from '../support/folders';
import { root, runProgram, windowsFixture } from '../support/host';
import { compiles, typeCheck } from '../support/typescript';

const folder = join(root, 'examples');
const example = (name: string): string => join(folder, name);
const readText = (file: string): string => readFileSync(file, 'utf8');

const files = readdirSync(folder, { encoding: 'utf8', recursive: true })
  .map((name) => name.replaceAll('\\', '/'))
  .filter((name) => /\.\w+$/.test(name) && !name.includes('/build/') && name !== 'README.md')
  .sort();

test('examples/README.md lists every file of the folder, and no others', () => {
  const linked = [...readText(example('README.md')).matchAll(/\]\(([^)]*)\)/g)].map(([, target = '']) => target);
  expect(linked.filter((target) => !target.startsWith('http') && target.includes('.')).sort()).toEqual(files);
});

test('every example program is run by a test', () => {
  const tests = readText(join(root, 'test/lifetime/example-programs.test.ts'));
  const programs = files.filter((name) => /^([\w-]+\.m?js|[\w-]+\/(index|main)\.mjs)$/.test(name));
  // A Worker is run by the program that starts it.
  expect(programs.filter((name) => !tests.includes(`'${name}'`))).toEqual(['audio-worker-thread.mjs']);
});

(compiles ? test : test.skip)('every example program compiles in strict mode', async () => {
  const project = makeFolder('example-programs', join(root, 'build'));
  try {
    const options = { allowJs: true, checkJs: true, lib: ['es2023'], useUnknownInCatchVariables: false, skipLibCheck: true };
    expect(await typeCheck('7', project, ['../../examples/**/*.mjs', '../../test/consumer/electron.d.ts'], options)).toEqual([]);
  } finally {
    removeFolder(project);
  }
});

// On Windows the other test runs them.
(process.platform === 'win32' ? describe.skip : describe)('off Windows', () => {
  const run = async (...args: string[]): Promise<string[]> => {
    const { code, stdout, stderr } = await runProgram(process.execPath, args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return stdout.trim().split('\n');
  };

  test('fallback.mjs takes the same options and has the same result as on Windows', async () => {
    const [fired, aborted, outcome, ...others] = await run(windowsFixture('fallback'), example('fallback.mjs'));
    expect(fired).toMatch(/^Node: status 0, after \d+\.\d{3} ms$/);
    expect(aborted).toBe('AbortError ABORT_ERR: the user left');
    expect(JSON.parse(outcome ?? '')).toEqual(FALLBACK);
    expect(others).toEqual([]);
  });

  test('simulated-test.mjs passes', async () => {
    expect((await run(example('simulated-test.mjs'))).join('\n')).toMatch(/pass 3\n.*fail 0/);
  });

  test('metronome.mjs and precise-sleep.mjs run', async () => {
    expect((await run(example('metronome.mjs'), '1200', '3')).at(-1)).toMatch(/^beat \d+: -?\d+\.\d{3} ms late, \d+ missed$/);
    expect(await run(example('precise-sleep.mjs'), '1')).toHaveLength(9);
  });
});
