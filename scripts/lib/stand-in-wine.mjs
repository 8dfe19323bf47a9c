// Copies of Wine prefixes whose RTWorkQ.dll and avrt.dll are those of test/native/stand-in. Each clone of the repository
// has its own, because the DLLs are its own.

import { copyFileSync, readFileSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import { buildStandIn } from './build.mjs';
import { StepError } from './log.mjs';
import { once } from './parallel.mjs';
import { cloneName, withLock } from './paths.mjs';
import { DLL_OVERRIDES, ensureWine } from './wine.mjs';

const SYSTEM_FOLDERS = { x64: 'system32', ia32: 'syswow64' };
const DLLS = { rtworkq: 'rtworkq.dll', avrt: 'avrt.dll' };

/** Which RTWorkQ.dll programs meet in Wine: its own, or the stand-in. */
export const WINE_DLLS = ['wine', 'stand-in'];

/** Checks what somebody said on a command line. */
export function checkDll(dll, usage) {
  if (dll === undefined) return;
  if (process.platform === 'win32') throw new StepError("--dll is for Wine: Windows has the system's own DLL.", usage);
  if (!WINE_DLLS.includes(dll)) throw new StepError(`--dll is ${WINE_DLLS.join(' or ')}.`, usage);
}

/** Builds the DLLs of an architecture: the files by their names. */
export const buildStandIns = once(async (arch) => {
  const built = {};
  for (const [part, file] of Object.entries(DLLS)) built[file] = await buildStandIn(arch, part, file);
  return built;
});

/** Puts a file where it is not yet. It is replaced, not written to: Wine's own may have many links. */
function place(from, to) {
  if (readFileSync(from).equals(readFileSync(to))) return;
  copyFileSync(from, `${to}.new`);
  renameSync(`${to}.new`, to);
}

/**
 * As `ensureWine`, for programs that shall meet the stand-in.
 * @param {string} arch the programs' architecture
 * @param {string} copy
 */
export async function ensureStandInWine(arch, copy) {
  const wine = await ensureWine(arch, ['stand-in', cloneName, copy].filter(Boolean).join('-'));
  const built = await buildStandIns(arch);
  await withLock(basename(wine.prefix), async () => {
    for (const [file, dll] of Object.entries(built)) place(dll, join(wine.prefix, 'drive_c/windows', SYSTEM_FOLDERS[arch], file));
  });
  const overrides = { WINEDLLOVERRIDES: `${DLL_OVERRIDES};${Object.keys(DLLS).join(',')}=n,b` };
  return { ...wine, environment: (debug) => ({ ...wine.environment(debug), ...overrides }) };
}
