// Paths, stamps and locks. The scripts keep files only in the repository and the cache folder.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { say } from './log.mjs';

export const root = resolve(fileURLToPath(import.meta.url), '../../..');
export const buildFolder = join(root, 'build');
export const pins = JSON.parse(readFileSync(join(root, 'scripts/pins.json'), 'utf8'));

/** The folder for downloads, Wine and its prefixes, and cross builds. All clones share it. RTWORKQ_CACHE moves it. */
export const cache = process.env.RTWORKQ_CACHE
  ? resolve(process.env.RTWORKQ_CACHE)
  : join(process.env.XDG_CACHE_HOME || process.env.LOCALAPPDATA || join(homedir(), '.cache'), 'rtworkq');

export const sha256 = (...parts) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex');
};

/** A path relative to the repository, with forward slashes on every system, as git and GitHub write it. */
export const inRepository = (file) => relative(root, file).replaceAll('\\', '/');

/** Identifies this clone in the names of files in the cache. */
export const cloneName = sha256(root).slice(0, 8);

const GENERATED = new Set(['build', 'node_modules']);

/**
 * The files below a folder, without built or installed ones, in the same order on every system. For a file, the file itself; none
 * if the path does not exist.
 */
export function filesBelow(path) {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  const names = readdirSync(path).filter((name) => !GENERATED.has(name));
  return names.sort().flatMap((name) => filesBelow(join(path, name)));
}

/**
 * Removes a file or a folder, if it exists. Retries for up to 30 seconds, because Windows keeps a loaded addon locked until shortly
 * after its process has ended, and virus scanners open newly written files.
 */
export const remove = (path) => rmSync(path, { recursive: true, force: true, maxRetries: 24, retryDelay: 100 });

/**
 * Runs `action` with a new folder, and removes the folder afterwards.
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

/** A file that contains a stamp once a result is there: `fresh` if it has this stamp, `mark()` to write it. */
export function stamped(file, stamp) {
  return {
    fresh: existsSync(file) && readFileSync(file, 'utf8') === stamp,
    mark: () => writeFileSync(file, stamp),
  };
}

const isAlive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
};

/**
 * Creates a lock's folder, or returns false if another process has it. While that process removes the folder, Windows reports other
 * errors for a moment. With `patient`, these return false too.
 */
function tryLock(folder, patient) {
  try {
    mkdirSync(folder);
    writeFileSync(join(folder, 'pid'), String(process.pid));
    return true;
  } catch (error) {
    if (error.code === 'EEXIST' || (patient && ['EPERM', 'EACCES', 'EBUSY', 'ENOENT'].includes(error.code))) return false;
    throw error;
  }
}

/** The id of the process that holds a lock: undefined if the lock is gone, 0 if the owner has not written its id yet. */
function ownerOf(folder) {
  try {
    return Number(readFileSync(join(folder, 'pid'), 'utf8'));
  } catch {
    return existsSync(folder) ? 0 : undefined;
  }
}

/**
 * Runs `action` while it holds a lock in the cache, so that two clones do not prepare the same thing at once. Takes over the lock
 * of a process that has ended.
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} action
 * @returns {Promise<T>}
 */
export async function withLock(name, action) {
  const folder = join(cache, `${name}.lock`);
  mkdirSync(cache, { recursive: true });
  // An owner that has not written its id yet gets two seconds to do so.
  for (let waits = 0, withoutId = 0; !tryLock(folder, waits < 100); waits++) {
    const pid = ownerOf(folder);
    withoutId = pid === 0 ? withoutId + 1 : 0;
    if (pid ? !isAlive(pid) : withoutId > 20) remove(folder);
    else if (waits % 100 === 0) say(`  waiting for another process to finish with ${name}`);
    await new Promise((done) => setTimeout(done, 100));
  }
  try {
    return await action();
  } finally {
    remove(folder);
  }
}
