// A copy of the Wine prefix whose RTWorkQ.dll and avrt.dll are those of test/native/stand-in. The copy is made of hard
// links, so it costs next to nothing; files that Wine writes are replaced, not changed in place. Each clone of the
// repository has its own, because the DLLs are its own.

import { copyFileSync, existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildStandIn } from './build.mjs';
import { StepError } from './log.mjs';
import { root, sha256, withLock } from './paths.mjs';
import { run } from './run.mjs';
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

/** Puts a file where it is not yet. It is replaced, not written to: Wine's own may have many links. */
function place(from, to) {
  if (readFileSync(from).equals(readFileSync(to))) return;
  copyFileSync(from, `${to}.new`);
  renameSync(`${to}.new`, to);
}

/**
 * Wine's settings for programs that shall meet the stand-in.
 * @param {string} arch the programs' architecture
 */
export async function standInWine(arch) {
  const { prefix } = await ensureWine();
  const copy = `${prefix}-stand-in-${sha256(root).slice(0, 8)}`;
  const built = {};
  for (const [part, file] of Object.entries(DLLS)) built[file] = await buildStandIn(arch, part, file);
  await withLock('stand-in-prefix', async () => {
    if (!existsSync(copy)) {
      const unfinished = `${copy}-unfinished`;
      rmSync(unfinished, { recursive: true, force: true });
      await run('cp', ['-al', prefix, unfinished]);
      renameSync(unfinished, copy);
    }
    for (const [file, dll] of Object.entries(built)) place(dll, join(copy, 'drive_c/windows', SYSTEM_FOLDERS[arch], file));
  });
  return { WINEPREFIX: copy, WINEDLLOVERRIDES: `${DLL_OVERRIDES};${Object.keys(DLLS).join(',')}=n,b` };
}
