// Generates the Visual Studio projects of this repository's native targets as node-gyp does on Windows, and reads the options
// of the compiler and the linker from them.

import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { DOMParser, type Element } from '@xmldom/xmldom';
import { root, runProgram } from './host';
import { filesBelow } from './markdown';

/** The parts of a .gyp file that the tests compare with its project. */
export interface GypFile {
  /** The path, relative to the repository. */
  path: string;
  name: string;
  sources: string[];
  /** Whether it includes our common.gypi. The example for users does not. */
  ours: boolean;
  /** Whether node-gyp adds its delay-load hook for node.exe. */
  delayed: boolean;
}

const slashes = (path: string): string => path.replaceAll('\\', '/');

function readGyp(path: string): GypFile {
  const file = join(root, path);
  const gyp = JSON.parse(readFileSync(file, 'utf8').replaceAll(/^\s*#.*$/gm, ''));
  const [target, ...others] = gyp.targets;
  if (others.length > 0) throw new Error(`${file} has more than one target.`);
  return {
    path,
    name: target.target_name,
    sources: target.sources.map((source: string) => slashes(relative(root, resolve(dirname(file), source)))),
    ours: gyp.includes !== undefined,
    delayed: target.win_delay_load_hook !== 'false',
  };
}

/** Every .gyp file that node-gyp builds on Windows: all except the stand-in's, which Wine needs. */
export const gypFiles = (): GypFile[] =>
  filesBelow('', /\.gyp$/)
    .filter((path) => !path.includes('/stand-in/'))
    .map(readGyp);

/** The Python of this machine, which gyp needs: the program itself, because a version manager's shim takes long to start it. */
export const python: string | undefined = ['python3', 'python', 'py']
  .map((name) => spawnSync(name, ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }))
  .find(({ status }) => status === 0)
  ?.stdout.trim();

/** The common.gypi of Node's headers on this machine, or undefined. */
export function commonGypi(): string | undefined {
  const cache =
    process.platform === 'win32'
      ? join(process.env['LOCALAPPDATA'] ?? join(homedir(), 'AppData/Local'), 'node-gyp/Cache')
      : join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'node-gyp');
  const places = [process.env['npm_config_nodedir'], resolve(process.execPath, '../..'), join(cache, process.versions.node)];
  return places.map((place) => place && join(place, 'include/node/common.gypi')).find((file) => file && existsSync(file));
}

/** The versions of Visual Studio on the runners, as node-gyp describes them. */
export const VISUAL_STUDIOS = [
  { versionYear: 2022, versionMajor: 17, toolset: 'v143' },
  { versionYear: 2026, versionMajor: 18, toolset: 'v145' },
].map((version) => ({ ...version, sdk: '10.0.26100.0', path: 'C:\\VS', msBuild: 'C:\\VS\\MSBuild.exe' }));

/** Visual Studio's names of architectures, by Node's. */
export const PLATFORMS = { x64: 'x64', ia32: 'Win32', arm64: 'ARM64' };
export type Arch = keyof typeof PLATFORMS;

/** Copies the sources and .gyp files, because node-gyp writes beside them. */
export function copySources(folder: string): void {
  for (const path of ['package.json', ...filesBelow('', /\.(gypi?|cc|h)$/)]) {
    const copy = join(folder, path);
    mkdirSync(dirname(copy), { recursive: true });
    copyFileSync(join(root, path), copy);
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
}

/** The version of Node's headers that the published addons are built with. */
const { nodeTarget } = JSON.parse(readFileSync(join(root, 'scripts/pins.json'), 'utf8')).prebuild as { nodeTarget: string };

/** Copies a common.gypi into a folder in which node-gyp then finds it as Node's. */
export function placeHeaders(folder: string, file: string): void {
  const include = join(folder, nodeTarget, 'include/node');
  mkdirSync(include, { recursive: true });
  copyFileSync(file, join(include, 'common.gypi'));
}

// gyp fails to write XML if the system's encoding is UTF-8, which it is on Linux and not on Windows.
const ENVIRONMENT = {
  ...Object.fromEntries(Object.keys(process.env).flatMap((name) => (/^npm_/i.test(name) ? [[name, undefined]] : []))),
  PYTHONDONTWRITEBYTECODE: '1',
  ...(process.platform === 'win32' ? {} : { LC_ALL: 'en_US.ISO8859-1', PYTHONCOERCECLOCALE: '0' }),
};

/** A project's settings in its configuration `Release`. */
export interface Project {
  platform: string;
  toolset: string | undefined;
  compile: Record<string, string>;
  link: Record<string, string>;
  /** Relative to the copied repository. node-gyp's own sources have only their names. */
  sources: string[];
}

const children = (element: Element, name: string): Element[] =>
  Array.from(element.getElementsByTagName(name)).filter((child) => child.parentNode === element);

/** The settings of one tool, by name. */
function settings(group: Element, tool: string): Record<string, string> {
  const elements = children(group, tool).flatMap((element) => Array.from(element.childNodes));
  return Object.fromEntries(elements.filter((node) => node.nodeType === 1).map((node) => [node.nodeName, node.textContent ?? '']));
}

function readProject(file: string, folder: string): Project {
  const document = new DOMParser().parseFromString(readFileSync(file, 'utf8'), 'text/xml');
  const all = (name: string): Element[] => Array.from(document.getElementsByTagName(name));
  const release = all('ProjectConfiguration').find((element) => element.getAttribute('Include')?.startsWith('Release|'));
  const name = release?.getAttribute('Include') ?? '';
  const group = all('ItemDefinitionGroup').find((element) => element.getAttribute('Condition')?.endsWith(`=='${name}'`));
  if (!group) throw new Error(`${file} has no settings for ${name}.`);
  // gyp also lists the sources that a condition excludes.
  const compiled = all('ClCompile').filter((element) => children(element, 'ExcludedFromBuild').length === 0);
  const included = compiled.flatMap((element) => element.getAttribute('Include') ?? []);
  return {
    platform: name.split('|')[1] ?? '',
    toolset: all('PlatformToolset')[0]?.textContent ?? undefined,
    compile: settings(group, 'ClCompile'),
    link: settings(group, 'Link'),
    sources: included.map((path) => {
      const inside = slashes(relative(folder, resolve(dirname(file), slashes(path))));
      return inside.includes('node_modules/') ? basename(inside) : inside;
    }),
  };
}

export interface Request {
  gyp: GypFile;
  arch: Arch;
  visualStudio: (typeof VISUAL_STUDIOS)[number];
  /** `process.config` of the Node that runs node-gyp. */
  nodeConfig: unknown;
  /** A folder of placeHeaders(). */
  headers: string;
}

/** Generates the projects of .gyp files in a folder of copySources(), all in one process, because starting one takes a while. */
export async function generateProjects(folder: string, requests: Request[]): Promise<Project[]> {
  const places = requests.map(({ gyp }) => dirname(join(folder, gyp.path)));
  // The next architecture's project would overwrite a project, so each is renamed.
  const results = requests.map((_, index) => join(places[index]!, 'build', `${index}.vcxproj`));
  const list = requests.map(({ gyp, arch, headers, ...machine }, index) => ({
    ...machine,
    place: places[index],
    options: [`--devdir=${headers}`, `--target=${nodeTarget}`, `--arch=${arch}`, `--python=${python}`, '--loglevel=error'],
    project: `${gyp.name}.vcxproj`,
    result: results[index],
  }));
  const file = join(folder, 'requests.json');
  writeFileSync(file, JSON.stringify(list));
  const program = join(root, 'test/host/configure-msvs.mjs');
  const { code, stdout, stderr } = await runProgram(process.execPath, [program, file], folder, ENVIRONMENT as never);
  if (code !== 0) throw new Error(`${stdout}\n${stderr}`);
  return results.map((result) => readProject(result, folder));
}

/** The options in AdditionalOptions, without the inherited ones. */
export const optionsOf = ({ AdditionalOptions = '' }: Record<string, string>): string[] =>
  (AdditionalOptions.match(/(?:"[^"]*"|[^\s"])+/g) ?? []).filter((option) => !option.startsWith('%'));
