// Where things are. Nothing outside the repository and the cache folder is ever written.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { say } from './log.mjs';

export const root = resolve(fileURLToPath(import.meta.url), '../../..');
export const buildFolder = join(root, 'build');
export const pins = JSON.parse(readFileSync(join(root, 'scripts/pins.json'), 'utf8'));

/** Downloads and the Wine tree are shared by all clones; RTWORKQ_CACHE moves them. */
export const cache = process.env.RTWORKQ_CACHE
  ? resolve(process.env.RTWORKQ_CACHE)
  : join(process.env.XDG_CACHE_HOME || process.env.LOCALAPPDATA || join(homedir(), '.cache'), 'rtworkq');

export const sha256 = (...parts) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex');
};

/** A path of the repository as git and GitHub write it, with slashes on every system. */
export const inRepository = (file) => relative(root, file).replaceAll('\\', '/');

/** Tells this clone from others in names of what is in the cache. */
export const cloneName = sha256(root).slice(0, 8);

const NOT_OURS = new Set(['build', 'node_modules']);

/**
 * The files below a folder, without what is built or installed there, or the file itself; none if there is nothing. They are
 * in the same order on every system.
 */
export function filesBelow(path) {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  const names = readdirSync(path).filter((name) => !NOT_OURS.has(name));
  return names.sort().flatMap((name) => filesBelow(join(path, name)));
}

/**
 * Removes a file, or a folder with all that is in it, if it is there. Windows keeps a loaded addon locked until shortly after
 * its process has ended, and virus scanners open files that were just written, so it tries again for up to 30 seconds.
 */
export const remove = (path) => rmSync(path, { recursive: true, force: true, maxRetries: 24, retryDelay: 100 });

/**
 * Gives `action` a new folder, which is gone afterwards.
 * @template T
 * @param {(folder: string) => Promise<T>} action
 * @param {string} [parent]
 * @returns {Promise<T>}
 */
export async function withTemporaryFolder(action, parent = tmpdir()) {
  const folder = mkdtempSync(join(parent, 'rtworkq-'));
  try {
    return await action(folder);
  } finally {
    remove(folder);
  }
}

/** Whether the result described by `stamp` is there already; `mark` says so once it is. */
export function stamped(file, stamp) {
  return {
    fresh: existsSync(file) && readFileSync(file, 'utf8') === stamp,
    mark: () => writeFileSync(file, stamp),
  };
}

const alive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
};

/** Makes the folder of a lock, unless somebody has it. Windows refuses for a moment while the last owner removes it. */
function take(folder, patient) {
  try {
    mkdirSync(folder);
    writeFileSync(join(folder, 'pid'), String(process.pid));
    return true;
  } catch (error) {
    if (error.code === 'EEXIST' || (patient && ['EPERM', 'EACCES', 'EBUSY', 'ENOENT'].includes(error.code))) return false;
    throw error;
  }
}

/** The process that has a lock: undefined if there is no lock any more, 0 if the owner has not written its id yet. */
function ownerOf(folder) {
  try {
    return Number(readFileSync(join(folder, 'pid'), 'utf8'));
  } catch {
    return existsSync(folder) ? 0 : undefined;
  }
}

/**
 * Holds a lock folder in the cache while `action` runs, so that two clones do not prepare the same thing at once.
 * A lock whose owner has gone is taken over.
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} action
 * @returns {Promise<T>}
 */
export async function withLock(name, action) {
  const folder = join(cache, `${name}.lock`);
  mkdirSync(cache, { recursive: true });
  // An owner that has not written its id yet gets two seconds to do so.
  for (let waits = 0, silent = 0; !take(folder, waits < 100); waits++) {
    const pid = ownerOf(folder);
    silent = pid === 0 ? silent + 1 : 0;
    if (pid ? !alive(pid) : silent > 20) remove(folder);
    else if (waits % 100 === 0) say(`  waiting for another process to finish with ${name}`);
    await new Promise((done) => setTimeout(done, 100));
  }
  try {
    return await action();
  } finally {
    remove(folder);
  }
}
