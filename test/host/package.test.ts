// The package as its users get it: packed, installed in an empty folder, used from JavaScript. types.test.ts has
// TypeScript.

import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { installPacked } from '../support/consumer';
import { makeFolder, removeFolder } from '../support/folders';
import { inNodeModules, root, runModule, runProgram, runScript } from '../support/host';

type Target = string | Record<'module' | 'import' | 'require', { default: string }>;
const { exports: entries } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { exports: Record<string, Target> };

let folder: string;
let tarball: string;
let files: string[];

beforeAll(async () => {
  folder = makeFolder('package');
  ({ tarball, files } = await installPacked(folder));
});

afterAll(() => removeFolder(folder));

describe('the tarball', () => {
  test('holds what is needed, and no source tree', () => {
    const places = new Set(files.map((file) => (file.includes('/') ? file.split('/')[0] : file)));
    expect([...places].sort()).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'dist', 'include', 'package.json', 'prebuilds']);
    for (const file of files.filter((path) => path.startsWith('dist/'))) expect(file).toMatch(/\.(m?js|d\.m?ts)$/);
    for (const file of files.filter((path) => path.startsWith('prebuilds/')))
      expect(file).toMatch(/^prebuilds\/win32-\w+\/node\.napi(\.armv8)?\.node$/);
    expect(files.filter((file) => file.startsWith('prebuilds/')).length).toBeGreaterThan(0);
    expect(files.filter((file) => file.startsWith('include/'))).toEqual(['include/rtworkq_work.h']);
  });

  test('has no install script, and nothing that npm would take for one', () => {
    const manifest = JSON.parse(readFileSync(join(folder, 'node_modules/rtworkq/package.json'), 'utf8'));
    for (const script of ['preinstall', 'install', 'postinstall', 'prepare']) expect(manifest.scripts).not.toHaveProperty(script);
    expect(manifest.gypfile).toBe(false);
    expect(manifest).not.toHaveProperty('os');
    expect(manifest).not.toHaveProperty('cpu');
    expect(Object.keys(manifest.dependencies)).toEqual(['node-gyp-build']);
  });

  test('passes publint --strict', async () => {
    const { code, stdout } = await runProgram(process.execPath, [inNodeModules('publint/src/cli.js'), tarball, '--strict']);
    expect(stdout).toContain('All good!');
    expect(code).toBe(0);
  });

  test('passes attw', async () => {
    const args = [inNodeModules('@arethetypeswrong/cli/dist/index.js'), tarball, '--format', 'json'];
    // A header of C, which nobody imports.
    const header = ['--exclude-entrypoints', './include/rtworkq_work.h'];
    const { code, stdout } = await runProgram(process.execPath, [...args, ...header]);
    const { analysis, problems } = JSON.parse(stdout);
    expect(Object.keys(analysis.entrypoints)).toEqual([
      '.',
      './timers',
      './timers/promises',
      './win32-x64',
      './win32-arm64',
      './win32-ia32',
      './package.json',
    ]);
    expect(problems).toEqual({});
    expect(code).toBe(0);
  });
});

describe('installed', () => {
  const use = `
    const status = supportStatus();
    console.log(status.supported);
    if (status.supported) { scheduleWorkItem(1).then(({ status }) => console.log('fired', status)); }
    else { try { scheduleWorkItem(1); } catch (error) { console.log(error.code); } }`;
  const names = 'scheduleWorkItem, supportStatus';

  beforeAll(() => {
    writeFileSync(join(folder, 'use.cjs'), `const { ${names} } = require('rtworkq');${use}`);
    writeFileSync(join(folder, 'use.mjs'), `import { ${names} } from 'rtworkq';${use}`);
    for (const arch of ['x64', 'ia32', 'arm64']) {
      writeFileSync(join(folder, `${arch}.cjs`), `const { ${names} } = require('rtworkq/win32-${arch}');${use}`);
      writeFileSync(join(folder, `${arch}.mjs`), `import { ${names} } from 'rtworkq/win32-${arch}';${use}`);
    }
  });

  test.each(['use.cjs', 'use.mjs'])('works in the Windows Node: %s', async (file) => {
    const { code, stdout } = await runScript('win.mjs', join(folder, file));
    expect(stdout.trim().split(/\r?\n/)).toEqual(['true', 'fired 0']);
    expect(code).toBe(0);
  });

  // On Windows the addon is there for the Node that runs this, in Wine for x64 at least.
  const own = process.platform === 'win32' ? process.arch : 'x64';
  const other = own === 'arm64' ? 'x64' : 'arm64';

  test.each([`${own}.cjs`, `${own}.mjs`])('works by the literal require that bundlers follow: %s', async (file) => {
    const { stdout } = await runScript('win.mjs', '--arch', own, join(folder, file));
    expect(stdout.trim().split(/\r?\n/)).toEqual(['true', 'fired 0']);
  });

  test('finds its own addon where the literal require names that of another architecture', async () => {
    const { stdout } = await runScript('win.mjs', '--arch', own, join(folder, `${other}.cjs`));
    expect(stdout.trim().split(/\r?\n/)).toEqual(['true', 'fired 0']);
  });

  // test/ecosystem has more bundlers; this one is there anyway.
  test.each(['cjs', 'es'])('works in a bundle with prebuilds/ beside it: %s', async (format) => {
    const out = join(folder, `bundle-${format}`);
    const main = join(out, format === 'es' ? 'main.mjs' : 'main.cjs');
    const code = `
      import { rollup } from 'rollup';
      const [input, file, format] = values;
      const resolveId = (name) => (name === 'rtworkq' ? input : null);
      const bundle = await rollup({ input: file + '.source', external: /^node:/, plugins: [{ name: 'package', resolveId }] });
      await bundle.write({ file, format });`;
    mkdirSync(out);
    writeFileSync(`${main}.source`, `import { ${names} } from 'rtworkq';${use}`);
    cpSync(join(folder, 'node_modules/rtworkq/prebuilds'), join(out, 'prebuilds'), { recursive: true });
    const { error, stderr } = await runModule(code, join(folder, 'node_modules/rtworkq/dist/esm/index.mjs'), main, format);
    expect([error, stderr]).toEqual([undefined, '']);
    const { code: ended, stdout } = await runScript('win.mjs', main);
    expect(stdout.trim().split(/\r?\n/)).toEqual(['true', 'fired 0']);
    expect(ended).toBe(0);
  });

  test('an addon finds the header for native work', async () => {
    const { code, stdout } = await runProgram(process.execPath, ['-p', "require.resolve('rtworkq/include/rtworkq_work.h')"], folder);
    expect(readFileSync(stdout.trim(), 'utf8')).toContain('rtworkq_create_work');
    expect(code).toBe(0);
  });

  // On Windows it does not refuse.
  (process.platform === 'win32' ? test.skip : test)('refuses politely elsewhere', async () => {
    // Modules are resolved from the script's own folder, so it has to be beside the installed package.
    copyFileSync(join(root, 'test/consumer/refuses.mjs'), join(folder, 'refuses.mjs'));
    const { code, stdout } = await runProgram(process.execPath, ['refuses.mjs'], folder);
    expect(stdout).toContain('refuses politely');
    expect(code).toBe(0);
  });
});

test('dist/ holds the entry points, what they share, and nothing else', () => {
  const built = readdirSync(join(root, 'dist'), { recursive: true })
    .map((file) => String(file).replaceAll('\\', '/'))
    .filter((file) => /(?<!\.d)\.m?js$/.test(file));
  const entryPoints = Object.values(entries)
    .flatMap((target) => (typeof target === 'object' ? Object.values(target) : []))
    .map((target) => target.default.replace('./dist/', ''));
  // Each file takes its time to be found and read: there is one more in each format.
  expect(built.sort()).toEqual([...entryPoints, 'esm/rtworkq.mjs', 'shared/rtworkq.js'].sort());
});

test('the ES modules have nothing of CommonJS that runs when they are loaded', async () => {
  const program = `
    for (const name of ['index', 'timers', 'timers-promises', 'win32-x64', 'win32-arm64', 'win32-ia32']) {
      const { href } = new URL(name + '.mjs', ${JSON.stringify(pathToFileURL(join(root, 'dist/esm/')).href)});
      console.log(name, Object.keys(await import(href)).length > 5);
    }`;
  const { code, stdout, stderr } = await runProgram(process.execPath, ['--input-type=module', '-e', program]);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  expect(
    stdout
      .trim()
      .split(/\r?\n/)
      .filter((line) => line.endsWith(' true')),
  ).toHaveLength(6);
});
