// The dev container, as far as that can be told without building it: its files are there, and it has what CI installs.

import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { makeFolder, removeFolder } from '../support/folders';
import { root, runProgram } from '../support/host';

const folder = join(root, '.devcontainer');
const { build, postCreateCommand } = JSON.parse(readFileSync(join(folder, 'devcontainer.json'), 'utf8')) as {
  build: { dockerfile: string; context: string };
  postCreateCommand: string;
};
const dockerfile = readFileSync(join(folder, build.dockerfile), 'utf8').replaceAll(/\\\r?\n\s*/g, '');

/** What `apt-get install` is told to install. */
const installed = (script: string): string[] => {
  const [, packages = ''] = /apt-get install -y --no-install-recommends ([^&\n]*)/.exec(script.replaceAll(/\\\r?\n\s*/g, '')) ?? [];
  return packages.trim().split(/\s+/);
};

test('has the packages that CI runs in Wine with', () => {
  const workflow = readFileSync(join(root, '.github/workflows/ci.yml'), 'utf8');
  expect(installed(dockerfile)).toEqual(installed(workflow));
});

test('runs a script that is there after it was made', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  expect(postCreateCommand).toBe('npm run build');
  expect(scripts).toHaveProperty('build');
});

test('copies what is there, and what its .dockerignore lets through', () => {
  const context = join(folder, build.context);
  const through = readFileSync(join(folder, `${build.dockerfile}.dockerignore`), 'utf8')
    .trim()
    .split(/\r?\n/);
  const copied = [...dockerfile.matchAll(/^COPY (?:--\S+ )*(\S+) \S+$/gm)].map(([, path = '']) => path);
  expect(copied.length).toBeGreaterThan(0);
  expect(through).toEqual(['*', ...copied.map((path) => `!${path}`)]);
  expect(copied.filter((path) => !existsSync(join(context, path)))).toEqual([]);
});

test('fetches with nothing but what it copies: no npm package, no other file of the repository', async () => {
  const image = makeFolder('image');
  try {
    for (const path of ['scripts', '.devcontainer/prefetch.mjs']) cpSync(join(root, path), join(image, path), { recursive: true });
    // Only that all of it is found: nothing is fetched.
    const modules = ['log', 'windows', 'windows-node'].map((name) => `import './scripts/lib/${name}.mjs';`).join('');
    const ended = await runProgram(process.execPath, ['--input-type=module', '-e', modules], image);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect((await runProgram(process.execPath, ['--check', join(image, '.devcontainer/prefetch.mjs')])).code).toBe(0);
  } finally {
    removeFolder(image);
  }
});
