// How `npm run test:node` judges Node's own tests, with a small checkout of its own.

import { mkdirSync, writeFileSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeFolder, removeFolder } from '../support/folders';
import { importable, runModule, runScript } from '../support/host';

const FILES = {
  'test-timers-same.js': "require('node:assert').strictEqual(require('timers').setTimeout, setTimeout);",
  'test-timers-imported.mjs': "import timers from 'node:timers';\nif ('Timeout' in timers) throw new Error('swapped');",
  'test-settimeout-flags.js': "// Flags: --expose-gc\nif (typeof gc !== 'function') throw new Error('no gc()');",
  'test-timers-skipped.js': "console.log('1..0 # Skipped: on purpose');",
  'test-timers-broken.js': "throw new Error('broken');",
  'test-other.js': "throw new Error('not about timers');",
};

const PERMITTED = [
  { difference: 'more exports', reason: 'on purpose', files: { 'parallel/test-timers-imported.mjs': ['modules', 'globals'] } },
  { difference: 'none', reason: 'out of date', files: { 'parallel/test-settimeout-flags.js': ['globals'] } },
];

// Without it, tests that are ES modules are left out.
const hasHooks = 'registerHooks' in nodeModule;

const folder = makeFolder('node-tests');
let code: number;
let stdout: string;
let stderr: string;

beforeAll(async () => {
  const parallel = join(folder, 'test/parallel');
  mkdirSync(parallel, { recursive: true });
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(parallel, name), text);
  const permitted = join(folder, 'permitted.json');
  writeFileSync(permitted, JSON.stringify(PERMITTED));
  ({ code, stdout, stderr } = await runScript('test-node.mjs', '--permitted', permitted, folder));
});

afterAll(() => removeFolder(folder));

test('npm run test:node fails, with the output, if a test fails that is not permitted to', () => {
  expect(code).toBe(1);
  expect(stderr).toMatch(/✗ parallel\/test-timers-same\.js fails with the modules swapped:\n[^✗]*AssertionError/);
});

test('npm run test:node fails if a test passes that is permitted to fail', () => {
  expect(stderr).toContain('✗ parallel/test-settimeout-flags.js passes, but is permitted to fail, with the globals swapped');
});

test('npm run test:node complains about nothing else', () => {
  expect(stderr.match(/^✗ parallel.*/gm)).toHaveLength(2);
});

test('npm run test:node does not count a test that fails or skips itself without rtworkq', () => {
  expect(stderr).toContain('Not counted: parallel/test-timers-broken.js fails without rtworkq');
  expect(stderr).toContain('Not counted: parallel/test-timers-skipped.js skips itself without rtworkq');
  expect(stdout).toContain(`1 passed, 2 failed, ${hasHooks ? 4 : 2} skipped`);
});

test('npm run test:node accepts both outcomes of a test that is permitted to fail sometimes', async () => {
  const permitted = [{ difference: 'late', reason: 'on purpose', sometimes: true, files: { 'parallel/test-a.js': ['globals'] } }];
  const outcomes = ['passed', 'failed'].map((outcome) => [{ file: 'parallel/test-a.js', mode: 'globals', outcome }]);
  const code = `
    import { judge } from ${importable('scripts/lib/node-tests.mjs')};
    return values[0].map((results) => judge(results, values[1]).complaints);`;
  expect((await runModule(code, outcomes, permitted)).result).toEqual([[], []]);
});
