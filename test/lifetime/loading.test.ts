// How the addon is found and loaded: by the package, by incomplete copies of it, and in bundles.

import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type ChildOptions, type Ended, runCode, runNode } from '../support/child';
import { makeFolder, removeFolder } from '../support/folders';
import { built, copyPackageTo, addonFile as file, root, runCopyIn, target } from '../support/package-copy';

const fire = "rtworkq.scheduleWorkItem(1).then(({ status }) => console.log('fired', status));";

let folder: string;

beforeEach(() => {
  folder = makeFolder('loading');
});

afterEach(() => removeFolder(folder));

const nodeGypBuild = 'node_modules/node-gyp-build';

const copyPackage = (...parts: string[]): void => copyPackageTo(folder, ...parts);
const runCopy = (code: string, options?: ChildOptions): Promise<Ended> => runCopyIn(folder, code, options);

/** Makes the copy look as if it was built from source. */
const placeBuild = (name = built): void => cpSync(join(root, file), join(folder, name));

describe.each([
  ['as it was published', []],
  ['that was built from source', [built]],
])('environment variables cannot mislead a copy %s', (_, builds) => {
  // All at once: each may mislead by itself.
  test.each(['x64', 'arm64', 'ia32'].filter((arch) => arch !== process.arch))('npm_config_arch=%s', async (arch) => {
    copyPackage(file, nodeGypBuild);
    for (const build of builds) placeBuild(build);
    const env = {
      npm_config_arch: arch,
      npm_config_platform: 'linux',
      PREBUILDS_ONLY: '1',
      ARM_VERSION: '7',
      LIBC: 'musl',
      RTWORKQ_PREBUILD: tmpdir(),
    };
    expect(await runCopy(fire, { env })).toMatchObject({ code: 0, last: 'fired 0', stderr: '' });
  });
});

test("in a Node that is too old calls throw the reason, and the timers are Node's", async () => {
  // What such a Node lacks.
  const program = `
    delete Promise.withResolvers;
    const { code, reason, waits } = rtworkq.supportStatus();
    const calls = [rtworkq.putWorkItem, rtworkq.WaitableEvent.create, () => rtworkq.waitFor(4n)];
    const messages = calls.map((call) => (async () => call())().catch(({ code, message }) => code + ' ' + message));
    require('rtworkq/timers').setTimeout(async () => {
      console.log(JSON.stringify({ code, reason, waits, messages: await Promise.all(messages) }));
    }, 2);`;
  const { last, ...ended } = await runCode(program);
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  const code = 'ERR_RTWORKQ_UNAVAILABLE';
  const reason = `rtworkq needs Node.js 22.12 or later, and this is ${process.version}.`;
  expect(JSON.parse(last)).toEqual({ code, reason, waits: false, messages: Array(3).fill(`${code} ${reason}`) });
});

describe('a copy of the package', () => {
  test('neither loads nor needs node-gyp-build', async () => {
    copyPackage(file, nodeGypBuild);
    writeFileSync(join(folder, nodeGypBuild, 'index.js'), "throw new Error('loaded');");
    const tell = "console.log(Object.keys(require.cache).some((name) => name.includes('node-gyp-build')));";
    expect(await runCopy(`rtworkq.startup(); ${tell}`)).toMatchObject({ code: 0, last: 'false', stderr: '' });
    removeFolder(join(folder, nodeGypBuild));
    expect(await runCopy(fire)).toMatchObject({ code: 0, last: 'fired 0', stderr: '' });
  });

  test.each([built, 'build/Debug/rtworkq.node'])('that was built from source loads %s', async (name) => {
    copyPackage(nodeGypBuild);
    placeBuild(name);
    // node-gyp-build ignores builds if this is set, and CI sets it to test a prebuild.
    const env = { PREBUILDS_ONLY: '' };
    expect(await runCopy(fire, { env })).toMatchObject({ code: 0, last: 'fired 0', stderr: '' });
  });

  test('that was built from source loads the prebuilt addon if node-gyp-build is missing', async () => {
    copyPackage(file);
    placeBuild();
    expect(await runCopy(fire)).toMatchObject({ code: 0, last: 'fired 0', stderr: '' });
  });

  test("without an addon finds one next to the program's .exe", async () => {
    copyPackage();
    const host = join(folder, 'host');
    cpSync(process.execPath, join(host, 'program.exe'));
    cpSync(join(root, file), join(host, file));
    expect(await runCopy(fire, { exe: join(host, 'program.exe') })).toMatchObject({ code: 0, last: 'fired 0', stderr: '' });
  });

  const explain = `
    const { supported, code, reason, cause } = rtworkq.supportStatus();
    console.log(JSON.stringify({ supported, code, reason, cause: cause?.code }));`;

  test('without an addon says what it has tried, and what to do', async () => {
    copyPackage();
    const { last } = await runCopy(explain);
    const { supported, code, reason } = JSON.parse(last);
    expect([supported, code]).toEqual([false, 'ERR_RTWORKQ_UNAVAILABLE']);
    const place = join(folder, file);
    for (const part of ['Tried:', `${place}: not found`, 'Possible solutions:', 'npm install --force rtworkq', 'npm run build']) {
      expect(reason).toContain(part);
    }
  });

  test('does not look in the current folder, or in the folder of a file on the command line', async () => {
    copyPackage();
    const elsewhere = join(folder, 'elsewhere');
    cpSync(join(root, file), join(elsewhere, file));
    const program = join(folder, 'program.js');
    writeFileSync(program, `const rtworkq = require(${JSON.stringify(join(folder, 'dist/index.js'))});${explain}`);
    const { last } = await runNode([program, join(elsewhere, 'document.txt')], { cwd: elsewhere });
    expect(JSON.parse(last).supported).toBe(false);
  });

  test("with a file that is not an addon reports Windows' error", async () => {
    copyPackage();
    mkdirSync(join(folder, file, '..'), { recursive: true });
    writeFileSync(join(folder, file), 'MZ, and no more');
    const { reason, cause } = JSON.parse((await runCopy(explain)).last);
    expect(cause).toBe('ERR_DLOPEN_FAILED');
    expect(reason.split('\n')[0]).toMatch(/could not be loaded: \S/);
  });
});

test.each([
  ['finds its folder through V8', 'file:///'],
  ['finds its folder through __dirname if it was evaluated from a string', 'webpack-internal:///'],
  ['finds its folder through __dirname if its URL is not that of a file', 'file://x:y/'],
])('a bundle %s', async (_, scheme) => {
  const script = scheme === 'file:///' ? pathToFileURL(join(folder, 'bundle.js')).href : `${scheme}rtworkq.js`;
  const source = readFileSync(join(root, 'dist/shared/rtworkq.js'), 'utf8');
  // In the first case the program is in another folder, with nothing next to it.
  const program = join(folder, scheme === 'file:///' ? 'elsewhere' : '.', 'program.js');
  cpSync(join(root, file), join(folder, file));
  mkdirSync(join(program, '..'), { recursive: true });
  const wrapped = JSON.stringify(`(function (exports, require, __dirname) {${source}})`);
  const evaluate = `require('node:vm').runInThisContext(${wrapped}, { filename: '${script}' })(rtworkq, require, __dirname);`;
  writeFileSync(program, `const rtworkq = {}; ${evaluate} ${fire}`);
  expect(await runNode([program])).toMatchObject({ code: 0, last: 'fired 0', stderr: '' });
});

describe('what a bundler hands over', () => {
  const path = join(root, file);
  const addon = `require(${JSON.stringify(path)})`;
  const url = `require('node:url').pathToFileURL(${JSON.stringify(path)})`;

  test.each([
    ['the addon', addon],
    ['a module whose default export is the addon', `{ default: ${addon} }`],
    ['a path', JSON.stringify(path)],
    ['a module whose default export is a path', `{ default: ${JSON.stringify(path)} }`],
    ['a URL', url],
    ['a URL as a string', `${url}.href`],
    ["a path relative to the bundle's folder", "'./addon.node'"],
    ['a relative path without a leading dot', "'addon.node'"],
    ['a public path with a leading slash', "'/addon.node'"],
  ])('can be %s', async (_, given) => {
    copyPackage();
    cpSync(path, join(folder, 'dist/shared/addon.node'));
    const provide = `shared.provideAddon('${target}', () => { throw new Error('not followed'); }, () => (${given}));`;
    expect(await runCopy(provide + fire)).toMatchObject({ code: 0, last: 'fired 0', stderr: '' });
  });

  test.each([
    ['{ default: {} }', 'expected the addon, got a value of type object'],
    ["'data:application/octet-stream;base64,TVo='", 'expected the addon, got a data: URL'],
    ["'./missing.node'", ' does not exist'],
  ])('is ignored if it is %s, and reported if no other addon is found', async (given, complaint) => {
    copyPackage();
    const provide = `shared.provideAddon('${target}', () => (${given}));`;
    const { stdout } = await runCopy(`${provide}console.log(rtworkq.supportStatus().reason);`);
    expect(stdout.split('\n')[0]).toContain(complaint);
    cpSync(path, join(folder, file));
    expect(await runCopy(provide + fire)).toMatchObject({ code: 0, last: 'fired 0' });
  });
});

test('import and require() share one instance, with one shutdown()', async () => {
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

test('the ES modules for bundlers also run without a bundler', async () => {
  const module = `require('node:url').pathToFileURL(${JSON.stringify(join(root, 'dist/esm/index.mjs'))}).href`;
  const code = `import(${module}).then((rtworkq) => { ${fire} });`;
  expect(await runNode(['-e', code])).toMatchObject({ code: 0, last: 'fired 0', stderr: '' });
});
