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

/** Tells this clone from others in names of what is in the cache. */
export const cloneName = sha256(root).slice(0, 8);

/** The files below a folder, without what is built there, or the file itself; none where there is nothing. */
export function filesBelow(path) {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { recursive: true })
    .map((name) => join(path, name))
    .filter((file) => statSync(file).isFile() && !/[\\/]build[\\/]/.test(relative(root, file)))
    .sort();
}

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
    rmSync(folder, { recursive: true, force: true });
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
  const owner = join(folder, 'pid');
  mkdirSync(cache, { recursive: true });
  for (let waits = 0; ; waits++) {
    try {
      mkdirSync(folder);
      writeFileSync(owner, String(process.pid));
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const pid = existsSync(owner) ? Number(readFileSync(owner, 'utf8')) : 0;
    // An owner that has not written its id yet gets two seconds to do so.
    if (pid ? !alive(pid) : waits > 20) rmSync(folder, { recursive: true, force: true });
    else if (waits % 100 === 0) say(`  waiting for another process to finish with ${name}`);
    await new Promise((done) => setTimeout(done, 100));
  }
  try {
    return await action();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
