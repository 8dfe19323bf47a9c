// The installers that the package is tried with: how each is run in a folder whose package.json names the package.

import { join } from 'node:path';
import { bun } from './bundlers.mjs';

const inPackages = (path) => join(import.meta.dirname, 'node_modules', path);
const node = (path, ...args) => [process.execPath, inPackages(path), ...args];

/** Deno's program, as its package for this machine has it. */
function deno() {
  const { platform, arch } = process;
  const folder = `@deno/${platform}-${arch}${platform === 'linux' ? '-glibc' : ''}`;
  return inPackages(`${folder}/deno${platform === 'win32' ? '.exe' : ''}`);
}

/** Yarn 4 is told all that it needs to know: no project of a folder above, no cache of the machine, no age of a version. */
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

/** In the folder of the program, so that they mean the same to the Windows Node. */
const pnp = ['--require', './.pnp.cjs', '--experimental-loader', './.pnp.loader.mjs'];

/**
 * @typedef {object} Installer
 * @property {string} name
 * @property {string} [package] whose version is in package.json; undefined for npm, which is the machine's
 * @property {() => string[]} command
 * @property {Record<string, string>} [files] what has to be in the folder
 * @property {string[]} [flags] Node's, for a program there
 * @property {string} line what its user has to do, as a cell of the table
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
