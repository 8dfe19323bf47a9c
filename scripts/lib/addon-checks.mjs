// Checks an addon's PE file before it is published. Each check yields what is wrong and how to fix it.

import { readPe } from './pe.mjs';

const MACHINES = { x64: 0x8664, arm64: 0xaa64, ia32: 0x014c };

// From winnt.h.
const HIGH_ENTROPY_VA = 0x0020;
const DYNAMIC_BASE = 0x0040;
const NX_COMPAT = 0x0100;
const GUARD_CF = 0x4000;
const CF_INSTRUMENTED = 0x0100;
const CF_FUNCTION_TABLE = 0x0400;
const CET_COMPAT = 0x0001;

const HOST = 'node.exe';
const NODE_EXPORTS = ['napi_register_module_v1', 'node_api_module_get_api_version_v1'];

// In System32 of every Windows 10. The addon's sources, COM and the static C++ library import from them. The addon loads
// all other DLLs at run time, because some editions of Windows lack them.
const SYSTEM_DLLS = [
  'advapi32.dll',
  'kernel32.dll',
  'ntdll.dll',
  'ole32.dll',
  'oleaut32.dll',
  'user32.dll',
  // WaitOnAddress, which the C++ library's atomics use.
  'api-ms-win-core-synch-l1-2-0.dll',
];

// What /MD links instead of the static C++ library.
const RUNTIME_DLL = /^(vcruntime|msvcp|concrt|vccorlib|ucrtbase|api-ms-win-crt-)/i;

// Windows has mingw-w64's C library too.
const MINGW_DLLS = [...SYSTEM_DLLS, 'msvcrt.dll'];

// A file in at least one folder, so that eight random bytes of code cannot look like a path.
const PATHS = [
  /(?<![A-Za-z])[A-Za-z]:[\\/](?:[\w .@+~-]+[\\/])+[\w .@+~-]{3,}/,
  /(?<![\w.-])[\\/](?:home|Users|root|tmp|builds?|work|workspace|__w)[\\/](?:[\w .@+~-]+[\\/])*[\w .@+~-]{3,}/,
];

const hex = (number) => `0x${number.toString(16).padStart(4, '0')}`;
const among = (list) => (name) => list.includes(name.toLowerCase());

/** Microsoft's linker has had version 14 since Visual Studio 2015. Clang's reports the same version, but lists no compilers. */
const linkedByMsvc = ({ linkerVersion, rich }) => linkerVersion >= 14 && rich;

/** The first path of the build machine in the file's ASCII or UTF-16 text. */
function buildPath(data) {
  // UTF-16 text may start at an odd byte.
  const texts = [data.toString('latin1'), data.toString('utf16le'), data.toString('utf16le', 1)];
  return texts.flatMap((text) => PATHS.map((path) => path.exec(text)?.[0])).find((found) => found !== undefined);
}

/** Yields `[problem, help]` for each failed check that applies to every compiler. */
function* generalProblems(pe, arch, data) {
  if (pe.machine !== MACHINES[arch])
    yield [`is for machine ${hex(pe.machine)}, not for ${arch} (${hex(MACHINES[arch])})`, `build it for ${arch}`];
  const foreign = pe.imports.filter((name) => !among(linkedByMsvc(pe) ? [HOST, ...SYSTEM_DLLS] : [HOST, ...MINGW_DLLS])(name));
  const runtime = foreign.filter((name) => RUNTIME_DLL.test(name));
  if (runtime.length > 0) {
    yield [
      `imports ${runtime.join(', ')}: parts of the Visual C++ Redistributable, which many users do not have`,
      'link the C++ library statically (common.gypi: "RuntimeLibrary": 0, which is /MT)',
    ];
  }
  const others = foreign.filter((name) => !RUNTIME_DLL.test(name));
  if (others.length > 0) {
    yield [
      `imports ${others.join(', ')}, which it must not import`,
      'load it from System32 at run time, as src/rtwq/api.cc does, or add it to SYSTEM_DLLS if every Windows 10 has it',
    ];
  }
  if (pe.imports.some(among([HOST]))) {
    yield [
      `imports ${HOST}, so it cannot load in programs with other names, such as electron.exe`,
      'keep node-gyp\'s "win_delay_load_hook"',
    ];
  }
  const missing = NODE_EXPORTS.filter((name) => !pe.exports.includes(name));
  if (missing.length > 0) yield [`does not export ${missing.join(', ')}`, 'keep NODE_API_MODULE in src/addon.cc'];
  if (!(pe.characteristics & DYNAMIC_BASE)) yield ['has no ASLR', 'link with /DYNAMICBASE'];
  if (pe.bits === 64 && !(pe.characteristics & HIGH_ENTROPY_VA)) yield ['has no high-entropy ASLR', 'link with /HIGHENTROPYVA'];
  if (!(pe.characteristics & NX_COMPAT)) yield ['has no DEP', 'link with /NXCOMPAT'];
  const path = buildPath(data);
  if (path)
    yield [
      `has a path of the machine that built it: ${path}`,
      "keep common.gypi's /PDBALTPATH, and do not use __FILE__ or assert() in src/",
    ];
}

/** The same for checks that apply only to MSVC builds. */
function* msvcProblems(pe, arch) {
  if (!pe.delayImports.some(among([HOST]))) yield [`does not delay-load ${HOST}`, 'keep node-gyp\'s "win_delay_load_hook"'];
  const unexpected = pe.delayImports.filter((name) => !among([HOST, ...SYSTEM_DLLS])(name));
  if (unexpected.length > 0) yield [`delay-loads ${unexpected.join(', ')}`, 'load other DLLs from System32, as src/rtwq/api.cc does'];
  // Microsoft's own start-up code is always instrumented. Only the table shows that our code is, too.
  const table = CF_INSTRUMENTED | CF_FUNCTION_TABLE;
  if (!(pe.characteristics & GUARD_CF) || (pe.guardFlags & table) !== table) {
    yield ['has no control flow guard', 'compile and link with /guard:cf'];
  }
  if (arch === 'x64' && !(pe.extendedCharacteristics & CET_COMPAT)) yield ['is not marked CET-compatible', 'link with /CETCOMPAT'];
  if (pe.pdb && /[\\/:]/.test(pe.pdb)) yield [`names its debug information by a path: ${pe.pdb}`, "keep common.gypi's /PDBALTPATH"];
}

/**
 * The problems of an addon.
 * @param {Buffer} data
 * @param {keyof typeof MACHINES} arch
 * @param {{ name: string, crossBuild: boolean }} options `crossBuild`: accepts an addon that mingw-w64 built, for local tests
 * @returns {Promise<{ problem: string, help: string }[]>}
 */
export async function addonProblems(data, arch, { name, crossBuild }) {
  const pe = await readPe(data, name);
  const problems = [...generalProblems(pe, arch, data)];
  if (linkedByMsvc(pe)) problems.push(...msvcProblems(pe, arch));
  else if (!crossBuild) problems.push(['was not linked by MSVC', `build it on Windows: npm run prebuild -- --arch ${arch}`]);
  return problems.map(([problem, help]) => ({ problem, help }));
}
