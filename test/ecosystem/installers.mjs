// The installers that we test: how each is run in a folder whose package.json depends on the package.

import { join } from 'node:path';
import { bun } from './bundlers.mjs';

const inPackages = (path) => join(import.meta.dirname, 'node_modules', path);
const node = (path, ...args) => [process.execPath, inPackages(path), ...args];

/** Deno's executable from its package for this machine. */
function deno() {
  const { platform, arch } = process;
  const folder = `@deno/${platform}-${arch}${platform === 'linux' ? '-glibc' : ''}`;
  return inPackages(`${folder}/deno${platform === 'win32' ? '.exe' : ''}`);
}

/** Isolates Yarn 4: no project in a parent folder, no machine cache, no minimum age for a version. */
const yarn4 = (linker) => ({
  'yarn.lock': '',
  '.yarnrc.yml': [
    `nodeLinker: ${linker}`,
    'enableGlobalCache: false',
    'enableTelemetry: false',
    'enableImmutableInstalls: false',
    'npmMinimalAgeGate: 0',
    '',
  ].join('\n'),
});

/** Relative to the program's folder, so that they also work in the Windows Node. */
const pnp = ['--require', './.pnp.cjs', '--experimental-loader', './.pnp.loader.mjs'];

/**
 * @typedef {object} Installer
 * @property {string} name
 * @property {string} [package] its version is in package.json; undefined for npm, which is the machine's
 * @property {() => string[]} command
 * @property {Record<string, string>} [files] files to put into the folder
 * @property {string[]} [flags] flags for Node when it runs a program there
 * @property {string} line what users have to do, as a table cell
 */

/** @type {Installer[]} */
export const INSTALLERS = [
  { name: 'npm', command: () => ['npm', 'install', '--no-audit', '--no-fund'], line: 'nothing' },
  { name: 'pnpm', package: 'pnpm', command: () => node('pnpm/bin/pnpm.cjs', 'install', '--ignore-workspace'), line: 'nothing' },
  {
    name: 'Yarn 1',
    package: 'yarn',
    command: () => node('yarn/bin/yarn.js', 'install', '--no-lockfile', '--ignore-engines'),
    line: 'nothing',
  },
  {
    name: 'Yarn 4, node-modules',
    package: '@yarnpkg/cli-dist',
    files: yarn4('node-modules'),
    command: () => node('@yarnpkg/cli-dist/bin/yarn.js', 'install'),
    line: 'nothing',
  },
  {
    name: "Yarn 4, Plug'n'Play",
    package: '@yarnpkg/cli-dist',
    files: yarn4('pnp'),
    command: () => node('@yarnpkg/cli-dist/bin/yarn.js', 'install'),
    flags: pnp,
    line: 'nothing: Yarn unpacks packages with addons by itself',
  },
  { name: 'bun', package: 'bun', command: () => [bun(), 'install'], line: 'nothing' },
  {
    name: 'deno',
    package: 'deno',
    command: () => [deno(), 'install', '--node-modules-dir=auto', '--minimum-dependency-age=0'],
    line: '`--node-modules-dir=auto`, or `"nodeModulesDir": "auto"` in deno.json',
  },
];
