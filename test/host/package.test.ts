// The package as users get it: packed, installed in an empty folder, and used from JavaScript. types.test.ts covers TypeScript.

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
  test('contains the build, the header, the addons and the main pages, but no sources', () => {
    const places = new Set(files.map((file) => (file.includes('/') ? file.split('/')[0] : file)));
    expect([...places].sort()).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'dist', 'include', 'package.json', 'prebuilds']);
    for (const file of files.filter((path) => path.startsWith('dist/'))) expect(file).toMatch(/\.(m?js|d\.m?ts)$/);
    for (const file of files.filter((path) => path.startsWith('prebuilds/')))
      expect(file).toMatch(/^prebuilds\/win32-\w+\/node\.napi(\.armv8)?\.node$/);
    expect(files.filter((file) => file.startsWith('prebuilds/')).length).toBeGreaterThan(0);
    expect(files.filter((file) => file.startsWith('include/'))).toEqual(['include/rtworkq_work.h']);
  });

  test('runs nothing on install, installs on every system, and depends on node-gyp-build only', () => {
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
    // A C header, which is not a module.
    const header = ['--exclude-entrypoints', './include/rtworkq_work.h'];
    const { code, stdout } = await runProgram(process.execPath, [...args, ...header]);
    const { analysis, problems } = JSON.parse(stdout);
    expect(Object.keys(analysis.entrypoints)).toEqual([
      '.',
      './timers',
      './timers/promises',
      './testing',
      './win32-x64',
      './win32-arm64',
      './win32-ia32',
      './package.json',
    ]);
    expect(problems).toEqual({});
    expect(code).toBe(0);
  });
});

describe('the installed package', () => {
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

  // On Windows there is an addon for the Node that runs this test; for Wine there is at least the x64 one.
  const own = process.platform === 'win32' ? process.arch : 'x64';
  const other = own === 'arm64' ? 'x64' : 'arm64';

  test.each([`${own}.cjs`, `${own}.mjs`])('works through the literal require that bundlers follow: %s', async (file) => {
    const { stdout } = await runScript('win.mjs', '--arch', own, join(folder, file));
    expect(stdout.trim().split(/\r?\n/)).toEqual(['true', 'fired 0']);
  });

  test("finds the right addon if the literal require names another architecture's", async () => {
    const { stdout } = await runScript('win.mjs', '--arch', own, join(folder, `${other}.cjs`));
    expect(stdout.trim().split(/\r?\n/)).toEqual(['true', 'fired 0']);
  });

  // test/ecosystem covers more bundlers; this one is installed anyway.
  test.each(['cjs', 'es'])('works from a bundle with prebuilds/ next to it: %s', async (format) => {
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

  test('provides the header for native work to other addons', async () => {
    const { code, stdout } = await runProgram(process.execPath, ['-p', "require.resolve('rtworkq/include/rtworkq_work.h')"], folder);
    expect(readFileSync(stdout.trim(), 'utf8')).toContain('rtworkq_create_work');
    expect(code).toBe(0);
  });

  // On Windows the package works.
  (process.platform === 'win32' ? test.skip : test)('loads and throws a clear error on other systems', async () => {
    // Node resolves modules from the script's folder, so the script must be next to the installed package.
    copyFileSync(join(root, 'test/consumer/refuses.mjs'), join(folder, 'refuses.mjs'));
    const { code, stdout } = await runProgram(process.execPath, ['refuses.mjs'], folder);
    expect(stdout).toContain('refuses politely');
    expect(code).toBe(0);
  });
});

test('dist/ contains the entry points, one shared file per format, and nothing else', () => {
  const built = readdirSync(join(root, 'dist'), { recursive: true })
    .map((file) => String(file).replaceAll('\\', '/'))
    .filter((file) => /(?<!\.d)\.m?js$/.test(file));
  const entryPoints = Object.values(entries)
    .flatMap((target) => (typeof target === 'object' ? Object.values(target) : []))
    .map((target) => target.default.replace('./dist/', ''));
  // Finding and reading a file takes time, so the entry points of each format share a single one.
  expect(built.sort()).toEqual([...entryPoints, 'esm/rtworkq.mjs', 'shared/rtworkq.js'].sort());
});

test('the ES modules use no CommonJS globals while they load', async () => {
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
