// docs/support.md names the Bun and the Deno that `npm run test:runtimes` tests. Only running it shows whether everything works.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { makeFolder, removeFolder } from '../support/folders';
import { importable, root, runModule } from '../support/host';

const read = (name: string): string => readFileSync(join(root, name), 'utf8');
const { runtimes } = JSON.parse(read('scripts/pins.json')) as {
  runtimes: Record<string, { package: string; integrity: string; file: string }>;
};

test('every Bun and Deno has a fixed version and hash', () => {
  expect(Object.keys(runtimes).sort()).toEqual(['bun-linux-x64', 'bun-win32-x64', 'deno-linux-x64', 'deno-win32-x64']);
  for (const { package: name, integrity } of Object.values(runtimes)) {
    expect(name).toMatch(/^@[\w-]+\/[\w-]+@\d+\.\d+\.\d+$/);
    expect(integrity).toMatch(/^sha512-[\w+/]{86}==$/);
  }
});

test.each(['README.md', 'docs/support.md'])('%s names the versions that are tested', (page) => {
  for (const [name, { package: pinned }] of Object.entries(runtimes)) {
    expect(read(page)).toContain(`${name.startsWith('bun') ? 'Bun' : 'Deno'} ${pinned.split('@').at(-1)}`);
  }
});

test('npm run test:runtimes runs every program in test/runtimes', async () => {
  const code = `
    import { runsFor } from ${importable('test/runtimes/runs.mjs')};
    return ['node', 'bun', 'deno'].flatMap((runtime) => ['win32', 'linux'].flatMap((platform) => runsFor(platform, runtime, values[0], 'helper')));`;
  const folder = makeFolder('runtimes');
  const { result, error } = await runModule(code, folder);
  removeFolder(folder);
  expect(error).toBeUndefined();
  const files = new Set((result as { file: string }[]).map(({ file }) => file));
  for (const file of files) expect([file, existsSync(file)]).toEqual([file, true]);
  const programs = readdirSync(join(root, 'test/runtimes/programs')).filter((name) => !['checks.cjs', 'worker-thread.cjs'].includes(name));
  expect(programs.filter((name) => !files.has(join(root, 'test/runtimes/programs', name)))).toEqual([]);
});
