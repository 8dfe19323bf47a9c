// Ways to ship a program without node_modules: a single executable, an Electron archive. What does not need Electron is run.

import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StepError } from '../../scripts/lib/log.mjs';
import { run } from '../../scripts/lib/run.mjs';
import { forWindows, runInWindows } from '../../scripts/lib/windows.mjs';
import { ensureWindowsNode, resolveTarget } from '../../scripts/lib/windows-node.mjs';
import { judgeInWindows } from './cells.mjs';

const programs = join(import.meta.dirname, 'programs');
const inPackages = (path) => join(import.meta.dirname, 'node_modules', path);
const node = (path, ...args) => run(process.execPath, [inPackages(path), ...args]);

// Node's own, from the documentation of single executables.
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

// Starts an .exe from a script, because the runner only learns how a script ended.
const LAUNCH = `
  const { spawnSync } = require('node:child_process');
  const env = { ...process.env, NODE_OPTIONS: '' };
  const { stdout, stderr, status } = spawnSync(process.argv[2], process.argv.slice(3), { encoding: 'utf8', env });
  console.log(stderr + stdout.trim());
  process.exitCode = status ?? 1;`;

const windowsNode = () => resolveTarget({ arch: process.platform === 'win32' ? undefined : 'x64' });

/** Runs a Windows program, and returns its output. */
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
  const host = await ensureWindowsNode(windowsNode());
  // The blob must be made by the Node that will read it.
  await inWindows(host, ['--experimental-sea-config', 'sea.json'], folder);
  const program = join(folder, 'app/program.exe');
  cpSync(host, program);
  await node('postject/dist/cli.js', program, 'NODE_SEA_BLOB', join(folder, 'program.blob'), '--sentinel-fuse', FUSE);
  cpSync(join(work, 'node_modules/rtworkq/prebuilds'), join(folder, 'app/prebuilds'), { recursive: true });
  judgeInWindows(await inWindows(program, [], folder));
}

/** Removes the signature: electron-builder does not change signed programs. */
function unsigned(file) {
  const data = readFileSync(file);
  const optionalHeader = data.readUInt32LE(0x3c) + 24;
  const directories = optionalHeader + (data.readUInt16LE(optionalHeader) === 0x20b ? 112 : 96);
  const certificates = directories + 4 * 8;
  return data.fill(0, certificates, certificates + 8);
}

/** An app around node.exe instead of Electron. node.exe cannot read the archive, so the unpacked files are run. */
async function electronBuilder(work, folder) {
  const host = await ensureWindowsNode(windowsNode());
  mkdirSync(join(folder, 'electron/resources'), { recursive: true });
  writeFileSync(join(folder, 'electron/electron.exe'), unsigned(host));
  cpSync(join(work, 'node_modules'), join(folder, 'node_modules'), { recursive: true });
  cpSync(join(programs, 'program.cjs'), join(folder, 'main.cjs'));
  const { version } = JSON.parse(readFileSync(join(work, 'node_modules/rtworkq/package.json'), 'utf8'));
  const app = {
    name: 'app',
    version: '1.0.0',
    description: 'app',
    author: 'example',
    main: 'main.cjs',
    dependencies: { rtworkq: version },
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(app));
  const settings = {
    appId: 'org.example.app',
    electronDist: 'electron',
    electronVersion: '40.0.0',
    npmRebuild: false,
    files: ['main.cjs'],
    win: { target: 'dir', signAndEditExecutable: false },
  };
  writeFileSync(join(folder, 'builder.json'), JSON.stringify(settings));
  const options = ['--win', '--x64', '--dir', '--publish', 'never', '--config', 'builder.json'];
  await run(process.execPath, [inPackages('electron-builder/cli.js'), ...options], { cwd: folder });
  const packed = join(folder, 'dist/win-unpacked');
  const outside = join(packed, 'resources/app.asar.unpacked');
  for (const name of ['program.cjs', 'required.cjs']) cpSync(join(programs, name), join(outside, name));
  judgeInWindows(await inWindows(join(packed, 'app.exe'), [forWindows(join(outside, 'program.cjs'))], folder));
}

/** An Electron archive without the addons, which are unpacked beside it. */
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
    name: 'Node single executable',
    package: 'postject',
    line: '`prebuilds/` beside the `.exe`',
    tried: 'built and run in Wine',
    pack: singleExecutable,
  },
  {
    name: 'electron-builder',
    package: 'electron-builder',
    line: 'nothing: it unpacks packages with addons',
    tried: 'an app around a renamed Node; the unpacked files ran in Wine',
    pack: electronBuilder,
  },
  {
    name: 'Electron archive (asar)',
    package: '@electron/asar',
    line: "`asar: { unpack: '**/*.node' }`, which `@electron-forge/plugin-auto-unpack-natives` sets in Electron Forge",
    tried: 'packed but not run: Electron was not available',
    pack: archive,
  },
];
