// A clone as on a Windows machine, where the Windows Node runs the scripts in Wine: `process.platform` is 'win32', paths have
// backslashes, npm is a batch file, and a loaded addon cannot be deleted.
//
// There is no MSVC. So the addons come from the cross build, and are put where node-gyp would put them, with the stamps of a build.
// The npm packages are those for Windows, linked from the cache.

import { chmodSync, cpSync, existsSync, linkSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, delimiter, join } from 'node:path';
import { placeAsMsvc } from './build.mjs';
import { StepError } from './log.mjs';
import { ensureDoctorPackages, ensureRegistryPackages, markInstalled, windowsPackages } from './packages.mjs';
import { together } from './parallel.mjs';
import { cache, root, withTemporaryFolder } from './paths.mjs';
import { prepareTests } from './prepare.mjs';
import { run } from './run.mjs';
import { forWindows, prepareWine, runInWine } from './windows.mjs';
import { ensureWindowsNode, resolveTarget } from './windows-node.mjs';

export const ARCH = 'x64';

const NOT_COPIED = new Set(['.git', 'node_modules', 'build', 'dist']);
const isCopied = (file) => !NOT_COPIED.has(basename(file)) && !/\/prebuilds\/win32-\w+$/.test(file);

/** Copies a tree as hard links, because packages are never written to, or as files if it is on another file system. */
const link = (from, to) => run('cp', ['-alT', from, to]).catch(() => run('cp', ['-aT', from, to]));

/** The folder of the npm on the PATH. */
function npmFolder() {
  const found = process.env.PATH.split(delimiter)
    .map((folder) => join(folder, 'npm'))
    .find((file) => existsSync(file));
  const folder = found && join(realpathSync(found), '../..');
  if (folder && existsSync(join(folder, 'bin/npm-cli.js'))) return folder;
  throw new StepError('The npm on the PATH is not part of an npm package.', 'put the npm that came with Node first on the PATH');
}

/** Installs Node and npm as Node's Windows installer does. */
async function installNode(folder) {
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  linkSync(await ensureWindowsNode(resolveTarget({ arch: ARCH })), join(folder, 'node.exe'));
  symlinkSync(npmFolder(), join(folder, 'node_modules/npm'));
  for (const name of ['npm', 'npx']) {
    writeFileSync(join(folder, `${name}.cmd`), `@"%~dp0node.exe" "%~dp0node_modules\\npm\\bin\\${name}-cli.js" %*\r\n`);
  }
}

/** Creates `node` and `npm` for this machine's bash. They run the Windows Node, through a file because it cannot write to a pipe. */
function installForBash(folder, loader, node) {
  mkdirSync(folder);
  const programs = { node: [], npm: [forWindows(join(node, 'node_modules/npm/bin/npm-cli.js'))] };
  for (const [name, first] of Object.entries(programs)) {
    const command = [loader, join(node, 'node.exe'), ...first].map((word) => `'${word}'`).join(' ');
    const lines = [
      '#!/bin/sh',
      'output=$(mktemp)',
      `${command} "$@" </dev/null >"$output" 2>&1`,
      'code=$?',
      'cat "$output"',
      'rm "$output"',
      'exit $code',
    ];
    writeFileSync(join(folder, name), `${lines.join('\n')}\n`);
    chmodSync(join(folder, name), 0o755);
  }
}

/** Copies the repository's files, without what is built or installed. */
const copyFiles = (clone) => cpSync(root, clone, { recursive: true, filter: isCopied });

/** Adds the npm packages for Windows and the addons, and with `built` the compiled TypeScript. */
async function fillClone(clone, built) {
  await link(await windowsPackages(ARCH), join(clone, 'node_modules'));
  const others = ['doctor', 'test/registry'];
  for (const folder of others) await link(join(root, folder, 'node_modules'), join(clone, folder, 'node_modules'));
  for (const folder of ['.', ...others]) markInstalled(join(clone, folder), { os: 'win32', cpu: ARCH });
  await placeAsMsvc(ARCH, clone);
  if (!built) return;
  // Compiled TypeScript is the same on every system.
  for (const folder of ['dist', 'build/lib', 'build/test']) cpSync(join(root, folder), join(clone, folder), { recursive: true });
  for (const name of ['lib', 'declarations', 'lib, file by file', 'test']) {
    cpSync(join(root, 'build/stamps', name), join(clone, 'build/stamps', name));
  }
}

const existing = (name, file) => (file && existsSync(file) ? { [name]: forWindows(file) } : {});

/** The environment of a CI runner. npm and Node use this machine's npm settings and certificates. */
const environment = (temporary) => ({
  WINEPATH: forWindows(join(temporary, 'node')),
  CI: 'true',
  GITHUB_ACTIONS: 'true',
  GITHUB_STEP_SUMMARY: forWindows(join(temporary, 'summary.md')),
  // The tests accept every answer that Windows may give, although Wine's answers are known.
  RTWORKQ_AS_ON_WINDOWS: '1',
  ...existing('NPM_CONFIG_USERCONFIG', join(process.env.HOME ?? '/', '.npmrc')),
  ...existing('NODE_EXTRA_CA_CERTS', process.env.NODE_EXTRA_CA_CERTS),
});

/**
 * A clone. `run` runs a program in it as a Windows machine would, and `bash` a script. `log` has all of the output; `stdout` has only
 * standard output, except for `bash`.
 * @typedef {{ ok: boolean, stdout: string, log: string }} Ended
 * @typedef {{ folder: string, run: (command: string[], env?: Record<string, string>) => Promise<Ended>,
 *   bash: (script: string, env?: Record<string, string>) => Promise<Ended> }} Clone
 */

/**
 * @template T
 * @param {{ lane?: string, built: boolean }} options `built`: with compiled TypeScript
 * @param {(clone: Clone) => Promise<T>} action
 * @returns {Promise<T>}
 */
export async function withWindowsClone({ lane, built }, action) {
  await together(prepareTests(resolveTarget({ arch: ARCH }), 'wine'), ensureDoctorPackages(ARCH), ensureRegistryPackages());
  return withTemporaryFolder(async (temporary) => {
    // Users' folders have spaces in their names.
    const folder = join(temporary, 'a clone');
    const node = join(temporary, 'node');
    copyFiles(folder);
    await together(fillClone(folder, built), installNode(node));
    const wine = await prepareWine({ arch: ARCH, lane });
    const bin = join(temporary, 'bin');
    installForBash(bin, wine.loader, node);

    const clone = {
      folder,
      async run(command, env) {
        const ended = { ok: false, stdout: '', log: '' };
        const stderr = (data) => {
          ended.log += data;
        };
        const stdout = (data) => {
          ended.stdout += data;
          stderr(data);
        };
        const { code } = await runInWine(command, {
          arch: ARCH,
          lane,
          cwd: folder,
          env: { ...environment(temporary), ...env },
          stdout,
          stderr,
        });
        return { ...ended, ok: code === 0 };
      },
      bash: (script, env) =>
        runBash(script, folder, {
          ...wine.environment(),
          ...environment(temporary),
          PATH: `${bin}${delimiter}${process.env.PATH}`,
          ...env,
        }),
    };
    return await action(clone);
  }, cache);
}

/** Runs a script in bash with the options that GitHub uses. */
async function runBash(script, cwd, env) {
  const { code, output } = await run('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], { cwd, env, allowFailure: true });
  return { ok: code === 0, stdout: output, log: output };
}

/**
 * Runs `action` with a clone for this machine's own Node, which has its npm packages but nothing built.
 * @template T
 * @param {(clone: Pick<Clone, 'folder' | 'bash'>) => Promise<T>} action
 * @returns {Promise<T>}
 */
export function withOwnClone(action) {
  return withTemporaryFolder(async (temporary) => {
    const folder = join(temporary, 'a clone');
    copyFiles(folder);
    await link(join(root, 'node_modules'), join(folder, 'node_modules'));
    markInstalled(folder, { os: process.platform, cpu: process.arch });
    return await action({ folder, bash: (script, env) => runBash(script, folder, { ...process.env, TMPDIR: temporary, ...env }) });
  }, cache);
}
