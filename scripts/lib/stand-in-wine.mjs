// Copies of Wine prefixes with the RTWorkQ.dll and avrt.dll of test/native/stand-in. Each clone of the repository has its own
// copies, because it builds its own DLLs.

import { copyFileSync, readFileSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import { buildStandIn } from './build.mjs';
import { StepError } from './log.mjs';
import { once } from './parallel.mjs';
import { cloneName, withLock } from './paths.mjs';
import { DLL_OVERRIDES, ensureWine } from './wine.mjs';

const SYSTEM_FOLDERS = { x64: 'system32', ia32: 'syswow64' };
const DLLS = { rtworkq: 'rtworkq.dll', avrt: 'avrt.dll' };

/** The choices of RTWorkQ.dll in Wine: Wine's own, or the stand-in. */
export const WINE_DLLS = ['wine', 'stand-in'];

/** Checks the value of --dll. */
export function checkDll(dll, usage) {
  if (dll === undefined) return;
  if (process.platform === 'win32') throw new StepError("--dll works only in Wine: on Windows, programs use the system's DLL.", usage);
  if (!WINE_DLLS.includes(dll)) throw new StepError(`--dll must be ${WINE_DLLS.join(' or ')}.`, usage);
}

/** Builds an architecture's DLLs. Returns the built files by the DLLs' names. */
export const buildStandIns = once(async (arch) => {
  const built = {};
  for (const [part, file] of Object.entries(DLLS)) built[file] = await buildStandIn(arch, part, file);
  return built;
});

/** Replaces a file, unless it is the same already. Does not write to it, because Wine's own file may be a hard link. */
function replaceFile(from, to) {
  if (readFileSync(from).equals(readFileSync(to))) return;
  copyFileSync(from, `${to}.new`);
  renameSync(`${to}.new`, to);
}

/**
 * Like `ensureWine`, with the stand-in.
 * @param {string} arch the programs' architecture
 * @param {string} [copy] the name of a separate copy of the prefix
 */
export async function ensureStandInWine(arch, copy) {
  const wine = await ensureWine(arch, ['stand-in', cloneName, copy].filter(Boolean).join('-'));
  const built = await buildStandIns(arch);
  await withLock(basename(wine.prefix), async () => {
    for (const [file, dll] of Object.entries(built)) replaceFile(dll, join(wine.prefix, 'drive_c/windows', SYSTEM_FOLDERS[arch], file));
  });
  const overrides = { WINEDLLOVERRIDES: `${DLL_OVERRIDES};${Object.keys(DLLS).join(',')}=n,b` };
  return { ...wine, environment: (debug) => ({ ...wine.environment(debug), ...overrides }) };
}
