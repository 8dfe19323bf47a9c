// The bundlers that we test: how each is run, and what its users have to write. docs/bundlers.md has the table.
//
// Each bundles two programs. One imports 'rtworkq', with the package's prebuilds/ copied beside the bundle. The other imports
// 'rtworkq/win32-x64', which names the addon, so that the bundler ships it.

import { join } from 'node:path';

const inPackages = (path) => join(import.meta.dirname, 'node_modules', path);
const node = (path, ...args) => [process.execPath, inPackages(path), ...args];

/** Runs webpack or Rspack through its API: the command lines are separate packages. */
const byConfiguration = (name) => [process.execPath, join(import.meta.dirname, 'compile.mjs'), name];

/** A webpack configuration. `rules` is the text of its module rules. */
const configuration =
  (rules = '', mode = 'production') =>
  ({ format, entry, out, main }) =>
    `
  export default {
    mode: '${mode}',
    target: 'node',
    entry: ${JSON.stringify(entry)},
    output: {
      path: ${JSON.stringify(out)},
      filename: '${main}',
      ${format === 'esm' ? "module: true, library: { type: 'module' }," : ''}
    },
    experiments: { outputModule: ${format === 'esm'} },
    module: { rules: [${rules}] },
  };`;

/** The rules for addons in Electron Forge's webpack template. */
const FORGE_RULES = `
  { test: /native_modules[/\\\\].+\\.node$/, use: 'node-loader' },
  {
    test: /[/\\\\]node_modules[/\\\\].+\\.(m?js|node)$/,
    parser: { amd: false },
    use: { loader: '@vercel/webpack-asset-relocator-loader', options: { outputAssetBase: 'native_modules' } },
  },`;

const NODE_LOADER = "{ test: /\\.node$/, dependency: { not: ['url'] }, loader: 'node-loader' },";

/** Rollup, with the plug-in that finds packages in node_modules. */
const rollup = ({ format, entry, out, main }) => `
  import { nodeResolve } from '@rollup/plugin-node-resolve';
  export default {
    input: ${JSON.stringify(entry)},
    external: /^node:/,
    plugins: [nodeResolve()],
    output: { file: ${JSON.stringify(join(out, main))}, format: '${format}' },
  };`;

const vite = ({ format, entry, out, main }) => `
  export default {
    logLevel: 'warn',
    ssr: { noExternal: ['rtworkq'] },
    build: {
      ssr: ${JSON.stringify(entry)},
      outDir: ${JSON.stringify(out)},
      rollupOptions: { output: { format: '${format}', entryFileNames: '${main}' } },
    },
  };`;

/** The settings for the main process in Electron Forge's Vite template. */
const forgeVite = ({ entry, out, main }) => `
  import { builtinModules } from 'node:module';
  export default {
    logLevel: 'warn',
    build: {
      outDir: ${JSON.stringify(out)},
      lib: { entry: ${JSON.stringify(entry)}, fileName: () => '${main}', formats: ['cjs'] },
      rollupOptions: { external: [...builtinModules, /^node:/] },
    },
    resolve: { conditions: ['node'], mainFields: ['module', 'jsnext:main', 'jsnext'] },
  };`;

const tsup = ({ format, entry, out, main }) => `
  export default {
    entry: [${JSON.stringify(entry)}],
    format: '${format}',
    platform: 'node',
    outDir: ${JSON.stringify(out)},
    noExternal: ['rtworkq'],
    outExtension: () => ({ js: '.${main.split('.')[1]}' }),
  };`;

const parcel = ({ format, main }) => ({
  main: `out/${main}`,
  '@parcel/resolver-default': { packageExports: true },
  targets: {
    main: {
      context: 'node',
      engines: { node: '>=22' },
      outputFormat: format === 'esm' ? 'esmodule' : 'commonjs',
      includeNodeModules: true,
      sourceMap: false,
    },
  },
});

/**
 * @typedef {{ format: 'cjs' | 'esm', entry: string, out: string, main: string }} Build
 * @typedef {object} Bundler
 * @property {string} name
 * @property {string} package its version is in package.json
 * @property {(build: Build) => string[]} command
 * @property {(build: Build) => object} [settings] for the program's package.json
 * @property {boolean} [keepsFormat] whether the bundle keeps the program's format
 * @property {boolean} [mixes] whether a program may use both `import` and `require()`; default true
 * @property {('cjs' | 'esm')[]} [formats] default: both
 * @property {Record<string, (build: Build) => string>} [files] files to put beside the program
 * @property {string} line what it needs, as a table cell
 * @property {('cjs' | 'esm')[]} [namedFormats] the formats in which it supports 'rtworkq/win32-x64'; default: both
 * @property {string | undefined} [named] what else it needs for 'rtworkq/win32-x64'; undefined if it does not support that
 */

/** @type {Bundler[]} */
export const BUNDLERS = [
  {
    name: 'esbuild',
    package: 'esbuild',
    command: ({ format, entry, out, main }) => [
      ...node('esbuild/bin/esbuild', entry, '--bundle', '--platform=node', `--format=${format}`),
      ...['--loader:.node=file', `--outfile=${join(out, main)}`],
    ],
    line: '`--platform=node`',
    named: '`--loader:.node=file`',
  },
  {
    name: 'webpack',
    package: 'webpack',
    files: { 'webpack.config.mjs': configuration() },
    command: () => byConfiguration('webpack'),
    line: "`target: 'node'`",
    named: 'nothing more',
  },
  {
    name: 'webpack in development',
    package: 'webpack',
    files: { 'webpack.config.mjs': configuration('', 'development') },
    command: () => byConfiguration('webpack'),
    line: "`target: 'node'`",
    named: 'nothing more',
  },
  {
    name: 'webpack with node-loader',
    package: 'node-loader',
    formats: ['cjs'],
    files: { 'webpack.config.mjs': configuration(NODE_LOADER) },
    command: () => byConfiguration('webpack'),
    line: "`target: 'node'`",
    named: "`dependency: { not: ['url'] }` in the loader's rule",
  },
  {
    name: 'webpack in Electron Forge',
    package: 'webpack',
    formats: ['cjs'],
    files: { 'webpack.config.mjs': configuration(FORGE_RULES) },
    command: () => byConfiguration('webpack'),
    line: "the template's rules",
    named: 'nothing more',
  },
  {
    name: 'Rspack',
    package: '@rspack/core',
    files: { 'webpack.config.mjs': configuration() },
    command: () => byConfiguration('@rspack/core'),
    line: "`target: 'node'`",
    named: 'nothing more',
  },
  {
    name: 'Rollup',
    package: 'rollup',
    files: { 'rollup.config.mjs': rollup },
    command: () => node('rollup/dist/bin/rollup', '--config', 'rollup.config.mjs'),
    // It does not understand require() without another plug-in.
    mixes: false,
    line: '`@rollup/plugin-node-resolve`',
  },
  {
    name: 'Rolldown',
    package: 'rolldown',
    command: ({ format, entry, out, main }) => [
      ...node('rolldown/bin/cli.mjs', entry, '--platform', 'node', '--format', format),
      ...['--module-types', '.node=asset', '--file', join(out, main)],
    ],
    line: '`--platform node`',
    named: '`--module-types .node=asset`',
  },
  {
    name: 'Vite, SSR',
    package: 'vite',
    files: { 'vite.config.mjs': vite },
    command: () => node('vite/bin/vite.js', 'build'),
    line: "`ssr: { noExternal: ['rtworkq'] }`",
  },
  {
    name: 'Vite in Electron Forge',
    package: 'vite',
    formats: ['cjs'],
    files: { 'vite.config.mjs': forgeVite },
    command: () => node('vite/bin/vite.js', 'build'),
    line: "the template's settings",
  },
  {
    name: 'ncc',
    package: '@vercel/ncc',
    keepsFormat: true,
    command: ({ entry, out }) => node('@vercel/ncc/dist/ncc/cli.js', 'build', entry, '--out', out),
    line: 'nothing',
    named: 'nothing',
  },
  {
    name: 'tsup',
    package: 'tsup',
    files: { 'tsup.config.mjs': tsup },
    command: () => node('tsup/dist/cli-default.js', '--config', 'tsup.config.mjs'),
    line: "`noExternal: ['rtworkq']`",
    named: 'nothing more; CommonJS only',
    // Its output calls require(), which ES modules do not have.
    namedFormats: ['cjs'],
  },
  {
    name: 'bun build',
    package: 'bun',
    command: ({ format, entry, out, main }) => [
      ...[bun(), 'build', entry, '--target=node', `--format=${format}`, '--loader=.node:file'],
      ...[`--outdir=${out}`, `--entry-naming=${main}`],
    ],
    line: '`--target=node`',
    named: '`--loader=.node:file`',
  },
  {
    name: 'Parcel',
    package: 'parcel',
    settings: parcel,
    // Parcel takes the folder with this file for the project's root.
    files: { 'package-lock.json': () => '{}' },
    command: ({ entry }) => node('parcel/lib/bin.js', 'build', entry, '--no-cache'),
    line: '`"@parcel/resolver-default": { "packageExports": true }` in package.json',
    named: 'nothing more',
  },
];

/** Bun's executable from its package for this machine: an install script would put it into Bun's main package. */
export function bun() {
  const { platform, arch } = process;
  const folder = `@oven/bun-${platform === 'win32' ? 'windows' : platform}-${arch === 'arm64' ? 'aarch64' : arch}`;
  return inPackages(`${folder}/bin/bun${platform === 'win32' ? '.exe' : ''}`);
}
