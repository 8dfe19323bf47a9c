// scripts/check-prebuilds.mjs accepts only addons that MSVC built and hardened. For each check there is a file that fails it.

import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { makeFolder, removeFolder } from '../support/folders';
import { importable, root, runModule, runProgram } from '../support/host';

type Arch = 'x64' | 'arm64' | 'ia32';
const FILES: Record<Arch, string> = {
  x64: 'win32-x64/node.napi.node',
  arm64: 'win32-arm64/node.napi.armv8.node',
  ia32: 'win32-ia32/node.napi.node',
};
const ARCHS = Object.keys(FILES) as Arch[];

interface Request {
  arch: Arch;
  /** The differences from an addon that can be published. `text` comes with its encoding. */
  changes?: Record<string, unknown> & { text?: [string, BufferEncoding] };
  /** The file's content, instead of a generated addon. */
  bytes?: string;
  file?: string;
  /** Cuts the file to this many bytes. */
  length?: number;
  crossBuild?: boolean;
}

/** The problems of each addon, or why it cannot be read. */
async function problemsOf(requests: Request[]): Promise<string[][]> {
  const { result, error } = await runModule(
    `import { readFileSync } from 'node:fs';
    import { addonProblems } from ${importable('scripts/lib/addon-checks.mjs')};
    import { makeAddon } from ${importable('test/host/make-addon.mjs')};
    const results = [];
    for (const { arch, changes = {}, bytes, file, length, crossBuild = false } of values[0]) {
      if (changes.text) changes.text = Buffer.from(...changes.text);
      const data = file ? readFileSync(file) : bytes === undefined ? makeAddon(arch, changes) : Buffer.from(bytes, 'latin1');
      const found = await addonProblems(data.subarray(0, length), arch, { name: 'it', crossBuild }).catch(({ message }) => [{ problem: message }]);
      results.push(found.map(({ problem }) => problem));
    }
    return results;`,
    requests,
  );
  if (error) throw new Error(error.message);
  return result as string[][];
}

const CHARACTERISTICS = { x64: 0x4160, arm64: 0x4160, ia32: 0x4140 };
const without = (arch: Arch, flag: number): Request => ({ arch, changes: { characteristics: CHARACTERISTICS[arch] & ~flag } });
const path = (text: string, encoding: BufferEncoding = 'latin1'): Request => ({ arch: 'x64', changes: { text: [text, encoding] } });

const BROKEN: [name: string, request: Request, problem: string][] = [
  ['is for another architecture', { arch: 'x64', changes: { machine: 0xaa64 } }, 'is for machine 0xaa64, not for x64 (0x8664)'],
  [
    'links the C++ library dynamically (/MD)',
    { arch: 'x64', changes: { imports: ['KERNEL32.dll', 'MSVCP140.dll', 'VCRUNTIME140_1.dll', 'api-ms-win-crt-heap-l1-1-0.dll'] } },
    'imports MSVCP140.dll, VCRUNTIME140_1.dll, api-ms-win-crt-heap-l1-1-0.dll: parts of the Visual C++ Redistributable, which many users do not have',
  ],
  [
    "was linked by MSVC and imports mingw's C library",
    { arch: 'ia32', changes: { imports: ['KERNEL32.dll', 'msvcrt.dll'] } },
    'imports msvcrt.dll, which it must not import',
  ],
  [
    'imports RTWorkQ.dll, which some editions of Windows lack',
    { arch: 'x64', changes: { imports: ['KERNEL32.dll', 'RTWorkQ.dll'] } },
    'imports RTWorkQ.dll, which it must not import',
  ],
  [
    'imports node.exe as well as delay-loading it',
    { arch: 'arm64', changes: { imports: ['KERNEL32.dll', 'NODE.EXE'] } },
    'imports node.exe, so it cannot load in programs with other names, such as electron.exe',
  ],
  ['does not delay-load node.exe', { arch: 'x64', changes: { delayImports: [] } }, 'does not delay-load node.exe'],
  ['delay-loads another DLL', { arch: 'x64', changes: { delayImports: ['node.exe', 'RTWorkQ.dll'] } }, 'delay-loads RTWorkQ.dll'],
  [
    'has no entry point for Node',
    { arch: 'x64', changes: { exports: ['node_api_module_get_api_version_v1'] } },
    'does not export napi_register_module_v1',
  ],
  [
    'does not export its version of Node-API',
    { arch: 'ia32', changes: { exports: ['napi_register_module_v1'] } },
    'does not export node_api_module_get_api_version_v1',
  ],
  ['has no ASLR', without('ia32', 0x0040), 'has no ASLR'],
  ['has no high-entropy ASLR', without('arm64', 0x0020), 'has no high-entropy ASLR'],
  ['has no DEP', without('x64', 0x0100), 'has no DEP'],
  ['lacks the control flow guard flag in its header', without('x64', 0x4000), 'has no control flow guard'],
  ['has no load configuration', { arch: 'ia32', changes: { guardFlags: null } }, 'has no control flow guard'],
  // What MSVC writes without /guard:cf.
  ['has no function table for control flow guard', { arch: 'x64', changes: { guardFlags: 0x100 } }, 'has no control flow guard'],
  ['has no extended characteristics', { arch: 'x64', changes: { extendedCharacteristics: null } }, 'is not marked CET-compatible'],
  [
    'has extended characteristics without the CET flag',
    { arch: 'x64', changes: { extendedCharacteristics: 0x40 } },
    'is not marked CET-compatible',
  ],
  [
    "contains its debug information file's folder",
    { arch: 'x64', changes: { pdb: 'Release\\rtworkq.pdb' } },
    'names its debug information by a path: Release\\rtworkq.pdb',
  ],
  [
    'contains a path of a Windows machine',
    path('\0D:\\a\\rtworkq\\rtworkq\\src\\addon.cc\0'),
    'has a path of the machine that built it: D:\\a\\rtworkq\\rtworkq\\src\\addon.cc',
  ],
  [
    'contains a path with slashes',
    path('\0C:/Users/runner/rtworkq.cc\0'),
    'has a path of the machine that built it: C:/Users/runner/rtworkq.cc',
  ],
  // As assert() embeds it, at an even and at an odd offset.
  ['contains a path in UTF-16', path('D:\\a\\x\\waits.h', 'utf16le'), 'has a path of the machine that built it: D:\\a\\x\\waits.h'],
  [
    'contains a path in UTF-16 at an odd offset',
    { arch: 'x64', changes: { text: [`\0${Buffer.from('D:\\a\\x\\waits.h', 'utf16le').toString('latin1')}`, 'latin1'] } },
    'has a path of the machine that built it: D:\\a\\x\\waits.h',
  ],
  [
    'contains a path of a Linux machine',
    path('\0/home/runner/x/addon.cc\0'),
    'has a path of the machine that built it: /home/runner/x/addon.cc',
  ],
  ['was linked by mingw-w64', { arch: 'x64', changes: { rich: false, linkerVersion: 2 } }, 'was not linked by MSVC'],
  ['was linked by Visual Studio 2013', { arch: 'x64', changes: { linkerVersion: 12 } }, 'was not linked by MSVC'],
  // clang writes MSVC's version number.
  ['was linked by clang', { arch: 'ia32', changes: { rich: false } }, 'was not linked by MSVC'],
  ['is empty', { arch: 'x64', bytes: '' }, 'it is not a Windows DLL'],
  ['is text', { arch: 'x64', bytes: 'version https://git-lfs.github.com/spec/v1\n'.repeat(20) }, 'it is not a Windows DLL'],
  ['is a Linux addon', { arch: 'x64', bytes: `\x7fELF${'\0'.repeat(1000)}` }, 'it is not a Windows DLL'],
  ['is half a file', { arch: 'x64', length: 0x800 }, 'it is not a Windows DLL'],
  ['is only a header', { arch: 'x64', bytes: `MZ${'\0'.repeat(0x3a)}\x80${'\0'.repeat(100)}` }, 'it is not a Windows DLL'],
];

describe('a published addon', () => {
  let found: string[][];
  beforeAll(async () => {
    found = await problemsOf([...BROKEN.map(([, request]) => request), ...ARCHS.map((arch) => ({ arch }))]);
  });

  test.each(ARCHS)('passes the checks as MSVC builds it for %s', (arch) => {
    expect(found[BROKEN.length + ARCHS.indexOf(arch)]).toEqual([]);
  });

  test.each(BROKEN.map(([name, , problem], index) => ({ name, problem, index })))('is rejected if it $name', ({ problem, index }) => {
    expect(found[index]).toEqual([problem === 'it is not a Windows DLL' ? expect.stringContaining(problem) : problem]);
  });

  test('may import DLLs that every Windows 10 has, in upper or lower case', async () => {
    const imports = ['kernel32.dll', 'ADVAPI32.DLL', 'ole32.dll', 'api-ms-win-core-synch-l1-2-0.dll'];
    expect(await problemsOf([{ arch: 'x64', changes: { imports } }])).toEqual([[]]);
  });

  test('may contain URLs, and may lack debug information', async () => {
    const text: [string, BufferEncoding] = ['https://example.com/home/page/index.html s:\\ \\\\.\\pipe\\name /w/x', 'latin1'];
    expect(await problemsOf([{ arch: 'x64', changes: { text, pdb: null } }])).toEqual([[]]);
  });
});

describe('a cross build', () => {
  const mingw = { rich: false, linkerVersion: 2, guardFlags: null, extendedCharacteristics: null, delayImports: [], pdb: null };
  const crossBuild = (changes: object): Request => ({
    arch: 'x64',
    crossBuild: true,
    changes: { ...mingw, characteristics: 0x160, ...changes },
  });

  test('may lack what only MSVC provides, if cross builds are allowed', async () => {
    expect(await problemsOf([crossBuild({ imports: ['KERNEL32.dll', 'msvcrt.dll'] })])).toEqual([[]]);
  });

  test('must pass every other check', async () => {
    const broken = [{ imports: ['node.exe'] }, { imports: ['libstdc++-6.dll'] }, { characteristics: 0x120 }, { exports: [] }].map(
      crossBuild,
    );
    expect((await problemsOf(broken)).map(({ length }) => length)).toEqual([1, 1, 1, 1]);
  });

  test('must pass every check if MSVC linked it', async () => {
    expect(await problemsOf([{ arch: 'x64', crossBuild: true, changes: { guardFlags: 0 } }])).toEqual([['has no control flow guard']]);
  });
});

describe('the locally built addon', () => {
  const built = ARCHS.map((arch) => ({ arch, file: join(root, 'prebuilds', FILES[arch]) })).filter(({ file }) => existsSync(file));

  test('exists', () => {
    expect(built.length).toBeGreaterThan(0);
  });

  test('passes every check for its compiler, and a cross build cannot be published', async () => {
    expect(await problemsOf(built.map((each) => ({ ...each, crossBuild: true })))).toEqual(built.map(() => []));
    // Only the scripts know which compiler built it: the Windows Node under Wine has cross builds too.
    for (const problems of await problemsOf(built)) expect([[], ['was not linked by MSVC']]).toContainEqual(problems);
  });
});

describe('scripts/check-prebuilds.mjs', () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  let folder: string;

  beforeAll(() => {
    // Inside the repository, so that the copied scripts find its packages. The stamp tells them that these are installed.
    folder = makeFolder('prebuilds', join(root, 'build'));
    for (const name of ['package.json', 'package-lock.json', 'doctor/package.json', 'scripts', 'node_modules/.rtworkq-lock'])
      cpSync(join(root, name), join(folder, name), { recursive: true });
  });

  afterAll(() => removeFolder(folder));

  const place = async (arch: Arch, changes: object = {}, name = FILES[arch]): Promise<void> => {
    const file = join(folder, 'prebuilds', name);
    mkdirSync(dirname(file), { recursive: true });
    const { result } = await runModule(
      `import { makeAddon } from ${importable('test/host/make-addon.mjs')}; return makeAddon(...values).toString('base64');`,
      arch,
      changes,
    );
    writeFileSync(file, Buffer.from(result as string, 'base64'));
  };

  beforeEach(async () => {
    removeFolder(join(folder, 'prebuilds'));
    for (const arch of ARCHS) await place(arch);
  });

  const check = (...args: string[]): ReturnType<typeof runProgram> =>
    runProgram(process.execPath, [join(folder, 'scripts/check-prebuilds.mjs'), ...args]);

  test("accepts three addons as MSVC builds them, and the version's tag", async () => {
    const { code, stderr } = await check('--tag', `v${version}`);
    expect(stderr.trim().split(/\r?\n/)).toHaveLength(3);
    expect(code).toBe(0);
  });

  test('lists every problem of an addon and its fix', async () => {
    await place('arm64', { imports: ['KERNEL32.dll', 'VCRUNTIME140.dll'], characteristics: 0x4060 });
    const { code, stderr } = await check();
    expect(code).toBe(1);
    expect(stderr).toContain(`prebuilds/${FILES.arm64} imports VCRUNTIME140.dll: parts of the Visual C++ Redistributable`);
    expect(stderr).toContain(`prebuilds/${FILES.arm64} has no DEP.`);
    expect(stderr).toMatch(/What to do: link the C\+\+ library statically .*\/MT\); link with \/NXCOMPAT/);
  });

  test('rejects a cross build unless --cross-builds is given', async () => {
    await place('x64', { rich: false });
    expect(await check()).toMatchObject({ code: 1, stderr: expect.stringContaining(`prebuilds/${FILES.x64} was not linked by MSVC.`) });
    expect(await check('--cross-builds')).toMatchObject({ code: 0 });
  });

  test('fails if an addon is missing', async () => {
    rmSync(join(folder, 'prebuilds', FILES.ia32));
    expect(await check()).toMatchObject({ code: 1, stderr: expect.stringContaining(`prebuilds/${FILES.ia32} is missing.`) });
  });

  test('fails if there is an addon that the package does not load', async () => {
    await place('x64', {}, 'win32-x64/node.abi127.node');
    expect(await check()).toMatchObject({ code: 1, stderr: expect.stringContaining('published too: win32-x64/node.abi127.node') });
  });

  test('fails if the tag does not match the version', async () => {
    expect(await check('--tag', 'v99.0.0')).toMatchObject({ code: 1, stderr: expect.stringContaining('The tag is v99.0.0') });
  });
});
