// How the addon is found and loaded: by the package, by copies of it from which something is missing, in bundles.

import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type ChildOptions, type Ended, runCode, runNode } from '../support/child';
import { makeFolder, removeFolder } from '../support/folders';

const root = join(__dirname, '../../..');
const target = `${process.platform}-${process.arch}`;
const file = `prebuilds/${target}/node.napi${process.arch === 'arm64' ? '.armv8' : ''}.node`;
const fire = "rtworkq.scheduleWorkItem(1).then(({ status }) => console.log('fired', status));";

let folder: string;

beforeEach(() => {
  folder = makeFolder('loading');
});

// Windows lets go of an addon a moment after its process has ended.
afterEach(() => removeFolder(folder));

const nodeGypBuild = 'node_modules/node-gyp-build';
const built = 'build/Release/rtworkq.node';

/** Copies parts of the package: node-gyp-build only where it is named. */
function copyPackage(...parts: string[]): void {
  for (const part of ['package.json', 'dist', ...parts]) cpSync(join(root, part), join(folder, part), { recursive: true });
}

/** Makes a copy one that was built from source. */
const placeBuild = (name = built): void => cpSync(join(root, file), join(folder, name));

/** Runs code that has the copy as `rtworkq`, and what its entry points have in common as `shared`. */
function runCopy(code: string, options?: ChildOptions): Promise<Ended> {
  const name = (path: string): string => JSON.stringify(join(folder, path));
  const head = `const rtworkq = require(${name('dist/index.js')}); const shared = require(${name('dist/shared/rtworkq.js')});`;
  return runNode(['-e', `${head}\n${code}`], { cwd: folder, ...options });
}

describe.each([
  ['as it was published', []],
  ['that was built from source', [built]],
])('the environment cannot mislead a copy %s', (_, builds) => {
  test.each([
    ['npm_config_arch', process.arch === 'arm64' ? 'x64' : 'arm64'],
    ['npm_config_arch', process.arch === 'ia32' ? 'x64' : 'ia32'],
    ['npm_config_platform', 'linux'],
    ['PREBUILDS_ONLY', '1'],
    ['ARM_VERSION', '7'],
    ['LIBC', 'musl'],
    ['RTWORKQ_PREBUILD', tmpdir()],
  ])('%s=%s', async (name, value) => {
    copyPackage(file, nodeGypBuild);
    for (const build of builds) placeBuild(build);
    expect(await runCopy(fire, { env: { [name]: value } })).toMatchObject({ code: 0, last: 'fired 0', stderr: '' });
  });
});

describe('a copy', () => {
  test('does not load node-gyp-build, nor need it', async () => {
    copyPackage(file, nodeGypBuild);
    writeFileSync(join(folder, nodeGypBuild, 'index.js'), "throw new Error('loaded');");
    const tell = "console.log(Object.keys(require.cache).some((name) => name.includes('node-gyp-build')));";
    expect(await runCopy(`rtworkq.startup(); ${tell}`)).toMatchObject({ code: 0, last: 'false', stderr: '' });
    removeFolder(join(folder, nodeGypBuild));
    expect(await runCopy(fire)).toMatchObject({ code: 0, last: 'fired 0', stderr: '' });
  });

  test.each([built, 'build/Debug/rtworkq.node'])('that was built from source has %s', async (name) => {
    copyPackage(nodeGypBuild);
    placeBuild(name);
    // node-gyp-build looks at no build while this is set, as it is where CI tests a prebuild.
    const env = { PREBUILDS_ONLY: '' };
    expect(await runCopy(fire, { env })).toMatchObject({ code: 0, last: 'fired 0', stderr: '' });
  });

  test('that was built from source, without node-gyp-build, has what was published', async () => {
    copyPackage(file);
    placeBuild();
    expect(await runCopy(fire)).toMatchObject({ code: 0, last: 'fired 0', stderr: '' });
  });

  test('without an addon finds one beside the program that runs', async () => {
    copyPackage();
    const host = join(folder, 'host');
    cpSync(process.execPath, join(host, 'program.exe'));
    cpSync(join(root, file), join(host, file));
    expect(await runCopy(fire, { exe: join(host, 'program.exe') })).toMatchObject({ code: 0, last: 'fired 0', stderr: '' });
  });

  const explain = `
    const { supported, code, reason, cause } = rtworkq.supportStatus();
    console.log(JSON.stringify({ supported, code, reason, cause: cause?.code }));`;

  test('without an addon says what it has tried, and what helps', async () => {
    copyPackage();
    const { last } = await runCopy(explain);
    const { supported, code, reason } = JSON.parse(last);
    expect([supported, code]).toEqual([false, 'ERR_RTWORKQ_UNAVAILABLE']);
    const place = join(folder, file);
    for (const part of ['Tried:', `${place}: not found`, 'Possible solutions:', 'npm install --force rtworkq', 'npm run build']) {
      expect(reason).toContain(part);
    }
  });

  test('does not look in the current folder, nor where an argument says', async () => {
    copyPackage();
    const elsewhere = join(folder, 'elsewhere');
    cpSync(join(root, file), join(elsewhere, file));
    const program = join(folder, 'program.js');
    writeFileSync(program, `const rtworkq = require(${JSON.stringify(join(folder, 'dist/index.js'))});${explain}`);
    const { last } = await runNode([program, join(elsewhere, 'document.txt')], { cwd: elsewhere });
    expect(JSON.parse(last).supported).toBe(false);
  });

  test('with a file that is no addon says what Windows said', async () => {
    copyPackage();
    mkdirSync(join(folder, file, '..'), { recursive: true });
    writeFileSync(join(folder, file), 'MZ, and no more');
    const { reason, cause } = JSON.parse((await runCopy(explain)).last);
    expect(cause).toBe('ERR_DLOPEN_FAILED');
    expect(reason.split('\n')[0]).toMatch(/could not be loaded: \S/);
  });
});

test.each([
  ['has its folder from V8', 'file:///'],
  ['has its folder from who evaluated it', 'webpack-internal:///'],
  ['has none by a URL of no file', 'file://x:y/'],
])('a bundle %s', async (_, scheme) => {
  const script = scheme === 'file:///' ? pathToFileURL(join(folder, 'bundle.js')).href : `${scheme}rtworkq.js`;
  const source = readFileSync(join(root, 'dist/shared/rtworkq.js'), 'utf8');
  // Elsewhere, where nothing is beside it, in the first case.
  const program = join(folder, scheme === 'file:///' ? 'elsewhere' : '.', 'program.js');
  cpSync(join(root, file), join(folder, file));
  mkdirSync(join(program, '..'), { recursive: true });
  const wrapped = JSON.stringify(`(function (exports, require, __dirname) {${source}})`);
  const evaluate = `require('node:vm').runInThisContext(${wrapped}, { filename: '${script}' })(rtworkq, require, __dirname);`;
  writeFileSync(program, `const rtworkq = {}; ${evaluate} ${fire}`);
  expect(await runNode([program])).toMatchObject({ code: 0, last: 'fired 0', stderr: '' });
});

describe('what bundlers hand over', () => {
  const path = join(root, file);
  const addon = `require(${JSON.stringify(path)})`;
  const url = `require('node:url').pathToFileURL(${JSON.stringify(path)})`;

  test.each([
    ['the addon', addon],
    ['a module with the addon for its default export', `{ default: ${addon} }`],
    ['a path', JSON.stringify(path)],
    ['a module with a path for its default export', `{ default: ${JSON.stringify(path)} }`],
    ['a URL', url],
    ['a URL as a string', `${url}.href`],
    ['a path in the folder of the bundle', "'./addon.node'"],
    ['a path without a dot', "'addon.node'"],
    ['a public path', "'/addon.node'"],
  ])('%s', async (_, given) => {
    copyPackage();
    cpSync(path, join(folder, 'dist/shared/addon.node'));
    const provide = `shared.provideAddon('${target}', () => { throw new Error('not followed'); }, () => (${given}));`;
    expect(await runCopy(provide + fire)).toMatchObject({ code: 0, last: 'fired 0', stderr: '' });
  });

  test.each([
    ['{ default: {} }', 'expected the addon, got a value of type object'],
    ["'data:application/octet-stream;base64,TVo='", 'expected the addon, got a data: URL'],
    ["'./missing.node'", ' does not exist'],
  ])('%s is passed over, and told where nothing else is found', async (given, complaint) => {
    copyPackage();
    const provide = `shared.provideAddon('${target}', () => (${given}));`;
    const { stdout } = await runCopy(`${provide}console.log(rtworkq.supportStatus().reason);`);
    expect(stdout.split('\n')[0]).toContain(complaint);
    cpSync(path, join(folder, file));
    expect(await runCopy(provide + fire)).toMatchObject({ code: 0, last: 'fired 0' });
  });
});

test('import and require() are one instance, with one shutdown', async () => {
  const code = `
    (async () => {
      const imported = await import('rtworkq');
      const platform = await import('rtworkq/${target}');
      const timers = await import('rtworkq/timers');
      console.log(imported.WorkItem === rtworkq.WorkItem, platform.WorkItem === rtworkq.WorkItem);
      console.log(timers.Timeout === require('rtworkq/timers').Timeout, timers.default === require('rtworkq/timers'));
      const ended = imported.scheduleWorkItem(1e6).catch(({ cause }) => console.log(cause.code));
      await rtworkq.shutdown();
      await ended;
    })();`;
  const { stdout, stderr } = await runCode(code);
  expect(stderr).toBe('');
  expect(stdout.trim().split(/\r?\n/)).toEqual(['true true', 'true true', 'RTWQ_E_SHUTDOWN']);
});

test('the ES modules for bundlers run by themselves too', async () => {
  const module = `require('node:url').pathToFileURL(${JSON.stringify(join(root, 'dist/esm/index.mjs'))}).href`;
  const code = `import(${module}).then((rtworkq) => { ${fire} });`;
  expect(await runNode(['-e', code])).toMatchObject({ code: 0, last: 'fired 0', stderr: '' });
});
