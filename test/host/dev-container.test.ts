// The dev container, as far as it can be tested without building it: its files exist, and it has what CI installs.

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

/** The packages that a script passes to `apt-get install`. */
const installed = (script: string): string[] => {
  const [, packages = ''] = /apt-get install -y --no-install-recommends ([^&\n]*)/.exec(script.replaceAll(/\\\r?\n\s*/g, '')) ?? [];
  return packages.trim().split(/\s+/);
};

test('the dev container has the packages that CI installs for Wine', () => {
  const workflow = readFileSync(join(root, '.github/workflows/ci.yml'), 'utf8');
  expect(installed(dockerfile)).toEqual(installed(workflow));
});

test('the dev container runs an existing script after its creation', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  expect(postCreateCommand).toBe('npm run build');
  expect(scripts).toHaveProperty('build');
});

test('the dev container copies existing files only, and exactly those that its .dockerignore allows', () => {
  const context = join(folder, build.context);
  const allowed = readFileSync(join(folder, `${build.dockerfile}.dockerignore`), 'utf8')
    .trim()
    .split(/\r?\n/);
  const copied = [...dockerfile.matchAll(/^COPY (?:--\S+ )*(\S+) \S+$/gm)].map(([, path = '']) => path);
  expect(copied.length).toBeGreaterThan(0);
  expect(allowed).toEqual(['*', ...copied.map((path) => `!${path}`)]);
  expect(copied.filter((path) => !existsSync(join(context, path)))).toEqual([]);
});

test('the dev container prefetches with only the files that it copies: no npm package, no other file of the repository', async () => {
  const image = makeFolder('image');
  try {
    for (const path of ['scripts', '.devcontainer/prefetch.mjs']) cpSync(join(root, path), join(image, path), { recursive: true });
    // Checks only that every module is found. Nothing is fetched.
    const modules = ['log', 'windows', 'windows-node'].map((name) => `import './scripts/lib/${name}.mjs';`).join('');
    const ended = await runProgram(process.execPath, ['--input-type=module', '-e', modules], image);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect((await runProgram(process.execPath, ['--check', join(image, '.devcontainer/prefetch.mjs')])).code).toBe(0);
  } finally {
    removeFolder(image);
  }
});
