// The Visual Studio projects that node-gyp generates on Windows, generated on this machine. No other test covers the MSVC half
// of common.gypi before CI compiles on Windows.

import { mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeFolder, removeFolder } from '../support/folders';
import { root, runScript, windowsFixture } from '../support/host';
import {
  type Arch,
  commonGypi,
  copySources,
  type GypFile,
  generateProjects,
  gypFiles,
  optionsOf,
  PLATFORMS,
  type Project,
  placeHeaders,
  python,
  VISUAL_STUDIOS,
} from '../support/msvs';

// Used if this machine has no Node headers.
const KNOWN_HEADERS = join(root, 'test/fixtures/node-headers.gypi');
const HEADERS = commonGypi() ?? KNOWN_HEADERS;

// node-gyp starts from the settings of the Node that runs it. CI builds the prebuilds with the first of these.
const NODES = process.platform === 'win32' ? [process.versions.node] : ['24', '22', '26'];

const files = gypFiles();
const archs = Object.keys(PLATFORMS) as Arch[];

interface Case {
  gyp: GypFile;
  arch: Arch;
  visualStudio: (typeof VISUAL_STUDIOS)[number];
  node: string;
  headers: string;
}

const [addon] = files.filter(({ path }) => path === 'binding.gyp') as [GypFile];
const usual = { node: NODES[0]!, headers: HEADERS };
const cases: Case[] = [
  // Every target for every architecture, with alternating versions of Visual Studio.
  ...files.flatMap((gyp, file) =>
    archs.map((arch, index) => ({ ...usual, gyp, arch, visualStudio: VISUAL_STUDIOS[(file + index) % VISUAL_STUDIOS.length]! })),
  ),
  ...NODES.flatMap((node) => VISUAL_STUDIOS.map((visualStudio) => ({ ...usual, gyp: addon, arch: 'x64' as const, visualStudio, node }))),
  { ...usual, gyp: addon, arch: 'x64', visualStudio: VISUAL_STUDIOS[0]!, headers: KNOWN_HEADERS },
];

const nameOf = ({ gyp, arch, visualStudio, node, headers }: Case): string =>
  `${gyp.path} for ${arch}, ${visualStudio.toolset}, Node ${node}${headers === KNOWN_HEADERS ? ', known headers' : ''}`;

async function configOf(node: string): Promise<unknown> {
  if (process.platform === 'win32') return process.config;
  const { code, stdout, stderr } = await runScript('win.mjs', '--node', node, windowsFixture('node-config'));
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
}

let folder: string;
const projects: { case: Case; project: Project }[] = [];

async function generateAll(): Promise<void> {
  const configs = new Map<string, unknown>();
  for (const node of NODES) configs.set(node, await configOf(node));
  const headers = new Map([HEADERS, KNOWN_HEADERS].map((file, index) => [file, join(folder, `headers-${index}`)]));
  for (const [file, place] of headers) placeHeaders(place, file);
  const width = Math.min(availableParallelism(), 4);
  const work = async (place: number): Promise<void> => {
    const copy = join(folder, `copy-${place}`);
    mkdirSync(copy);
    copySources(copy);
    const share = cases.filter((_, index) => index % width === place);
    const requests = share.map((each) => ({ ...each, nodeConfig: configs.get(each.node), headers: headers.get(each.headers)! }));
    const generated = await generateProjects(copy, requests);
    projects.push(...share.map((each, index) => ({ case: each, project: generated[index]! })));
  };
  await Promise.all(Array.from({ length: width }, (_, place) => work(place)));
}

beforeAll(async () => {
  folder = makeFolder('msvs');
  if (python) await generateAll();
  else console.warn('This machine has no Python 3, so gyp cannot generate the Visual Studio projects.');
}, 900_000);

afterAll(() => removeFolder(folder));

/** The actual values of the projects that differ from the expected value, by name. */
function different(actual: (project: Project, of: Case) => unknown, expected: (of: Case) => unknown, of = projects): object {
  const wrong = of.filter(({ project, case: { ...each } }) => !matches(actual(project, each), expected(each)));
  return Object.fromEntries(wrong.map(({ case: each, project }) => [nameOf(each), actual(project, each)]));
}

const matches = (actual: unknown, expected: unknown): boolean => JSON.stringify(actual) === JSON.stringify(expected);

/** The projects that include our common.gypi. */
const ours = (): typeof projects => projects.filter(({ case: { gyp } }) => gyp.ours);

const compiler = ({ compile }: Project): string[] => optionsOf(compile);
const linker = ({ link }: Project): string[] => optionsOf(link);

(python ? describe : describe.skip)('the projects for MSVC', () => {
  test('cover every target that node-gyp builds', () => {
    const paths = files.map(({ path }) => path);
    for (const path of ['binding.gyp', 'test/native/binding.gyp', 'examples/native-work/binding.gyp', 'bench/native/baseline/binding.gyp'])
      expect(paths).toContain(path);
    expect(projects).toHaveLength(cases.length);
  });

  test('target the requested architecture and the installed Visual Studio', () => {
    // MSBuild ignores case.
    const expected = ({ arch, visualStudio }: Case): unknown => [PLATFORMS[arch].toLowerCase(), visualStudio.toolset];
    expect(different(({ platform, toolset }) => [platform.toLowerCase(), toolset], expected)).toEqual({});
  });

  test('list every source of the .gyp file once, and the delay-load hook', () => {
    const expected = ({ gyp }: Case): unknown => [...gyp.sources, ...(gyp.delayed ? ['win_delay_load_hook.cc'] : [])].sort();
    expect(different(({ sources }) => [...sources].sort(), expected)).toEqual({});
  });

  test('delay-load node.exe, except for programs that do not use Node', () => {
    expect(
      different(
        ({ link }) => link['DelayLoadDLLs'],
        ({ gyp }) => (gyp.delayed ? 'node.exe;%(DelayLoadDLLs)' : undefined),
      ),
    ).toEqual({});
  });

  test('link the C++ library statically (/MT)', () => {
    const actual = (project: Project): unknown => [
      project.compile['RuntimeLibrary'],
      compiler(project).filter((word) => /^[/-]M[DT]/.test(word)),
    ];
    expect(different(actual, () => ['MultiThreaded', []], ours())).toEqual({});
  });

  test('treat /W4 warnings as errors', () => {
    const actual = ({ compile }: Project): unknown => [compile['WarningLevel'], compile['TreatWarningAsError']];
    expect(different(actual, () => ['Level4', 'true'], ours())).toEqual({});
  });

  test('compile as C++20 and name no other standard', () => {
    const actual = (project: Project): unknown => [
      compiler(project).filter((word) => /^[/-]std:/.test(word)),
      project.compile['LanguageStandard'],
    ];
    expect(different(actual, () => [['/std:c++20'], undefined], ours())).toEqual({});
  });

  test.each(['/permissive-', '/utf-8', '/sdl', '/guard:cf'])('compile with %s', (option) => {
    // The opposite option, such as /sdl-, would turn it off again.
    const start = option.replace(/-$/, '');
    const actual = (project: Project): unknown => compiler(project).filter((word) => word.startsWith(start));
    expect(different(actual, () => [option], ours())).toEqual({});
  });

  test('compile with exceptions enabled', () => {
    const actual = ({ compile }: Project): unknown => [
      compile['ExceptionHandling'],
      compile['PreprocessorDefinitions']?.includes('_HAS_EXCEPTIONS=0'),
    ];
    expect(different(actual, () => ['Sync', false], ours())).toEqual({});
  });

  test("have no clang options from Node's own build", () => {
    expect(
      different(
        (project) => [...compiler(project), ...linker(project)].filter((word) => /^-f|lldltojobs/.test(word)),
        () => [],
      ),
    ).toEqual({});
  });

  test('link with control flow guard', () => {
    const actual = (project: Project): unknown => linker(project).filter((word) => /^\/guard:/i.test(word));
    expect(different(actual, () => ['/guard:cf'], ours())).toEqual({});
  });

  test('are marked CET-compatible on x64 only', () => {
    const actual = (project: Project): unknown => linker(project).filter((word) => /^\/CETCOMPAT/i.test(word));
    expect(different(actual, ({ arch }) => (arch === 'x64' ? ['/CETCOMPAT'] : []), ours())).toEqual({});
  });

  test('name the debug information file without its build path', () => {
    const actual = (project: Project): unknown => linker(project).filter((word) => /^\/PDBALTPATH/i.test(word));
    expect(different(actual, ({ gyp }) => [`/PDBALTPATH:${gyp.name}.pdb`], ours())).toEqual({});
  });
});
