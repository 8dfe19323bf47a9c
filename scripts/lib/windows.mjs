// Runs a program in the Windows Node: directly on Windows, in Wine elsewhere.

import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { say } from './log.mjs';
import { root, withTemporaryFolder } from './paths.mjs';
import { ensureStandInWine } from './stand-in-wine.mjs';
import { ensureWindowsNode, resolveTarget } from './windows-node.mjs';
import { ensureWine, toWindowsPath } from './wine.mjs';

const onWindows = process.platform === 'win32';
const WINE_DEBUG = { heap: '-all,err+heap,warn+heap', trace: '-all,trace+mfplat' };

/** The exit code for a crash, the same on every system: 128 + SIGABRT, as on Linux. */
const CRASHED = 134;

/** A path of this machine as programs in the Windows Node see it. */
export const forWindows = onWindows ? (path) => path : toWindowsPath;

/** Follows a growing file: each `copy()` writes what was appended since the last one. */
function follower(file, write) {
  const descriptor = openSync(file, 'r');
  const buffer = Buffer.alloc(64 * 1024);
  return {
    copy() {
      for (let length = readSync(descriptor, buffer); length > 0; length = readSync(descriptor, buffer)) {
        write(Buffer.from(buffer.subarray(0, length)));
      }
    },
    close: () => closeSync(descriptor),
  };
}

/**
 * Runs a program, passes its output to `stdout` and `stderr`, and resolves to its exit code and signal. Does not wait for programs
 * that it has started.
 */
export async function spawnIntoFiles(command, args, { env, cwd, folder, stdout, stderr, signal: killed }) {
  // node.exe under Wine cannot write to a Unix pipe, so its output goes through files.
  const files = [join(folder, 'stdout'), join(folder, 'stderr')];
  const descriptors = files.map((file) => openSync(file, 'w'));
  const followers = [follower(files[0], stdout), follower(files[1], stderr)];
  const copy = () => {
    for (const each of followers) each.copy();
  };
  const timer = setInterval(copy, 30);
  const child = spawn(command, args, { env, cwd, stdio: ['ignore', ...descriptors], signal: killed, killSignal: 'SIGKILL' });
  const stop = (signal) => child.kill(signal);
  const signals = ['SIGINT', 'SIGTERM'];
  for (const signal of signals) process.once(signal, stop);
  try {
    return await new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('exit', (code, signal) => resolve({ code, signal }));
    });
  } finally {
    for (const signal of signals) process.off(signal, stop);
    clearInterval(timer);
    copy();
    for (const each of followers) each.close();
    for (const descriptor of descriptors) closeSync(descriptor);
  }
}

/** Compares the process's exit code with the one that JavaScript recorded. */
function judge({ code, signal }, record) {
  const recorded = existsSync(record) ? Number(readFileSync(record, 'utf8')) : undefined;
  // Wine passes on only the low byte of a Windows exit code.
  const mask = onWindows ? 0xffffffff : 0xff;
  const shown = signal ?? `exit code ${code}`;
  if (recorded === undefined) return { code: code || 1, crash: `it never reached its end (${shown})` };
  if (signal || (recorded & mask) !== (code & mask)) {
    return { code: code || 1, crash: `it ended with code ${recorded} in JavaScript, then died on the way out (${shown})` };
  }
  return { code: recorded, crash: undefined };
}

/**
 * Returns the Wine for an architecture's programs, prepared on first use. Not for Windows.
 * @param {{ arch: string, dll?: 'wine' | 'stand-in', lane?: string }} options `lane` names a separate copy of the
 *   prefix
 */
export function prepareWine({ arch, dll, lane = process.env.RTWORKQ_LANE }) {
  return dll === 'stand-in' ? ensureStandInWine(arch, lane) : ensureWine(arch, lane);
}

/**
 * Runs a Windows program in Wine, without scripts/windows/preload.cjs.
 * @param {string[]} command
 * @param {{ arch: string, lane?: string, env?: Record<string, string>, cwd?: string, stdout: (data: Buffer) => void,
 *   stderr: (data: Buffer) => void }} options
 * @returns {Promise<{ code: number | null, signal: string | null }>}
 */
export function runInWine(command, { arch, lane, env, ...io }) {
  return withTemporaryFolder(async (folder) => {
    const wine = await prepareWine({ arch, lane });
    return spawnIntoFiles(wine.loader, command, { ...io, folder, env: { ...wine.environment(), ...env } });
  });
}

/**
 * Runs node.exe with arguments. Its programs can import the built package as `rtworkq`.
 * @param {{ node?: string, arch?: string, args: string[], env?: Record<string, string>, cwd?: string, lane?: string,
 *   dll?: 'wine' | 'stand-in', wineDebug?: 'heap' | 'trace', stdout?: (data: Buffer) => void, stderr?: (data: Buffer) => void,
 *   signal?: AbortSignal }} options
 *   `stdout` and `stderr` get the program's output; by default it goes to this process's own. `dll` is the RTWorkQ.dll to use in
 *   Wine. `signal` kills the program.
 * @returns {Promise<{ code: number, crash: string | undefined }>}
 */
export function runInWindows(options) {
  return withTemporaryFolder((folder) => runIn(folder, options));
}

async function runIn(folder, options) {
  const target = resolveTarget(options);
  const exe = await ensureWindowsNode(target);
  const record = join(folder, 'exit-record');
  const preload = forWindows(join(root, 'scripts/windows/preload.cjs'));
  const extra = {
    ...options.env,
    RTWORKQ_EXIT_RECORD: forWindows(record),
    // Backslashes are escapes inside the quotes.
    NODE_OPTIONS: `${options.env?.NODE_OPTIONS ?? ''} --require "${preload.replaceAll('\\', '/')}"`.trim(),
  };
  const { cwd, signal } = options;
  const io = { cwd, signal, folder, stdout: (data) => process.stdout.write(data), stderr: (data) => process.stderr.write(data) };
  if (options.stdout) io.stdout = options.stdout;
  if (options.stderr) io.stderr = options.stderr;
  if (onWindows) return judge(await spawnIntoFiles(exe, options.args, { ...io, env: { ...process.env, ...extra } }), record);
  const wine = await prepareWine({ ...options, arch: target.arch });
  const env = { ...wine.environment(WINE_DEBUG[options.wineDebug]), ...extra };
  return judge(await spawnIntoFiles(wine.loader, [exe, ...options.args], { ...io, env }), record);
}

/** Returns the exit code for a run. Prints a line if the program crashed. */
export function reportEnd({ code, crash }) {
  if (crash) say(`The Windows program crashed: ${crash}.`);
  return crash ? CRASHED : code;
}
