// The package as installed by one installer.

import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { retry } from '../../scripts/lib/parallel.mjs';
import { run } from '../../scripts/lib/run.mjs';
import { tryProgram } from './cells.mjs';

const PROGRAMS = ['program.cjs', 'program.mjs', 'required.cjs'];

/** The registry, and separate caches: the machine's caches may have another package of the same version. */
export const environment = (registry, caches) => ({
  ...process.env,
  npm_config_registry: registry,
  NPM_CONFIG_REGISTRY: registry,
  YARN_NPM_REGISTRY_SERVER: registry,
  // The registry that serves the packed package.
  YARN_UNSAFE_HTTP_WHITELIST: '127.0.0.1',
  npm_config_cache: join(caches, 'npm'),
  npm_config_store_dir: join(caches, 'pnpm'),
  YARN_CACHE_FOLDER: join(caches, 'yarn'),
  YARN_GLOBAL_FOLDER: join(caches, 'yarn-4'),
  BUN_INSTALL_CACHE_DIR: join(caches, 'bun'),
  DENO_DIR: join(caches, 'deno'),
});

/**
 * Installs a version of the package into a new folder, and runs programs there.
 * @param {import('./installers.mjs').Installer} installer
 * @param {string} folder
 * @param {{ version: string, registry: string, windows: boolean, patience: Parameters<typeof retry>[1] }} options `windows`: also
 *   in the Windows Node
 */
export async function tryInstaller(installer, folder, { version, registry, windows, patience }) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module', dependencies: { rtworkq: version } }));
  for (const [name, text] of Object.entries(installer.files ?? {})) writeFileSync(join(folder, name), text);
  for (const name of PROGRAMS) cpSync(join(import.meta.dirname, 'programs', name), join(folder, name));
  const [program, ...args] = installer.command();
  const env = environment(registry, join(folder, 'caches'));
  await retry(() => run(program, args, { cwd: folder, env }), patience);
  for (const name of PROGRAMS.slice(0, 2)) await tryProgram(join(folder, name), { args: installer.flags ?? [], windows });
}
