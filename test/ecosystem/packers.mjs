// Ways to ship a program without node_modules: a single executable, an archive of Electron. What runs without Electron is run.

import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StepError } from '../../scripts/lib/log.mjs';
import { run } from '../../scripts/lib/run.mjs';
import { forWindows, runInWindows } from '../../scripts/lib/windows.mjs';
import { ensureWindowsNode, resolveTarget } from '../../scripts/lib/windows-node.mjs';
import { judgeInWindows } from './cells.mjs';

const programs = join(import.meta.dirname, 'programs');
const inPackages = (path) => join(import.meta.dirname, 'node_modules', path);
const node = (path, ...args) => run(process.execPath, [inPackages(path), ...args]);

// Node's own, documented with single executables.
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

// Starts another program: one that is no script, so that what looks after scripts would not know how it ended.
const LAUNCH = `
  const { spawnSync } = require('node:child_process');
  const env = { ...process.env, NODE_OPTIONS: '' };
  const { stdout, stderr, status } = spawnSync(process.argv[2], process.argv.slice(3), { encoding: 'utf8', env });
  console.log(stderr + stdout.trim());
  process.exitCode = status ?? 1;`;

/** Runs a program of Windows, and returns what it said. */
async function inWindows(program, args, cwd) {
  let output = '';
  const keep = (data) => {
    output += data;
  };
  const launcher = join(cwd, 'launch.cjs');
  writeFileSync(launcher, LAUNCH);
  const command = [forWindows(launcher), forWindows(program), ...args];
  const { code, crash } = await runInWindows({ args: command, cwd, env: { RTWORKQ_INSIDE: '1' }, stdout: keep, stderr: keep });
  if (code !== 0) throw new StepError(`${output}\nIt ended with ${crash ?? code}.`);
  return output;
}

/** A bundle inside a copy of node.exe, with prebuilds/ beside it. */
async function singleExecutable(work, folder) {
  cpSync(join(programs, 'program.cjs'), join(work, 'sea.cjs'));
  cpSync(join(programs, 'required.cjs'), join(work, 'required.cjs'));
  const settings = { main: 'main.cjs', output: 'program.blob', disableExperimentalSEAWarning: true };
  writeFileSync(join(folder, 'sea.json'), JSON.stringify(settings));
  await node('esbuild/bin/esbuild', join(work, 'sea.cjs'), '--bundle', '--platform=node', `--outfile=${join(folder, 'main.cjs')}`);
  const host = await ensureWindowsNode(resolveTarget({ arch: process.platform === 'win32' ? undefined : 'x64' }));
  // By the Node that will read it.
  await inWindows(host, ['--experimental-sea-config', 'sea.json'], folder);
  const program = join(folder, 'app/program.exe');
  cpSync(host, program);
  await node('postject/dist/cli.js', program, 'NODE_SEA_BLOB', join(folder, 'program.blob'), '--sentinel-fuse', FUSE);
  cpSync(join(work, 'node_modules/rtworkq/prebuilds'), join(folder, 'app/prebuilds'), { recursive: true });
  judgeInWindows(await inWindows(program, [], folder));
}

/** An archive as electron-builder and Electron Forge make it: what is \`.node\` stays outside. */
async function archive(work, folder) {
  const app = join(folder, 'app');
  mkdirSync(app);
  cpSync(join(work, 'node_modules'), join(app, 'node_modules'), { recursive: true });
  cpSync(join(programs, 'program.cjs'), join(app, 'main.cjs'));
  const packed = join(folder, 'app.asar');
  await node('@electron/asar/bin/asar.js', 'pack', app, packed, '--unpack', '**/*.node');
  const { output } = await node('@electron/asar/bin/asar.js', 'list', packed);
  for (const file of ['dist/index.js', 'dist/shared/rtworkq.js', 'prebuilds/win32-x64/node.napi.node']) {
    if (!output.replaceAll('\\', '/').includes(`/node_modules/rtworkq/${file}`)) throw new StepError(`The archive has no ${file}.`);
  }
  const addon = 'node_modules/rtworkq/prebuilds/win32-x64/node.napi.node';
  if (!existsSync(join(`${packed}.unpacked`, addon))) throw new StepError('The addon is inside the archive.');
}

/**
 * @type {{ name: string, package: string, line: string, tried: string, pack: (work: string, folder: string) => Promise<void> }[]}
 *   `work` has the package installed, `folder` is empty
 */
export const PACKERS = [
  {
    name: 'single executable of Node',
    package: 'postject',
    line: '`prebuilds/` beside the `.exe`',
    tried: 'made and run in Wine',
    pack: singleExecutable,
  },
  {
    name: "Electron's archive (asar)",
    package: '@electron/asar',
    line: "`asarUnpack: ['**/*.node']` in electron-builder, `@electron-forge/plugin-auto-unpack-natives` in Forge",
    tried: 'packed; not run, for want of Electron',
    pack: archive,
  },
];
