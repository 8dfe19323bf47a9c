// A copy of the Wine prefix whose RTWorkQ.dll is the one of test/native/faulty. The copy is made of hard links, so it
// costs next to nothing; files that Wine writes are replaced, not changed in place.

import { copyFileSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildFaultyDll } from './build.mjs';
import { withLock } from './paths.mjs';
import { run } from './run.mjs';
import { DLL_OVERRIDES, ensureWine, SIGNATURE } from './wine.mjs';

/** Wine's settings for programs that shall meet the faulty DLL. */
export async function faultyWine() {
  const dll = await buildFaultyDll();
  const { prefix } = await ensureWine();
  const copy = `${prefix}-faulty`;
  await withLock('faulty-prefix', async () => {
    if (!existsSync(copy)) {
      const unfinished = `${copy}-unfinished`;
      rmSync(unfinished, { recursive: true, force: true });
      await run('cp', ['-al', prefix, unfinished]);
      renameSync(unfinished, copy);
    }
    const system = join(copy, 'drive_c/windows/system32');
    const real = readFileSync(join(prefix, 'drive_c/windows/system32/rtworkq.dll'));
    // Marked as Wine's own, it would be looked for under its new name, and not found.
    real.fill(0, SIGNATURE.start, SIGNATURE.start + SIGNATURE.bytes.length);
    rmSync(join(system, 'rtworkq.dll'), { force: true });
    copyFileSync(dll, join(system, 'rtworkq.dll'));
    rmSync(join(system, 'rtworkq_real.dll'), { force: true });
    writeFileSync(join(system, 'rtworkq_real.dll'), real);
  });
  return { WINEPREFIX: copy, WINEDLLOVERRIDES: `${DLL_OVERRIDES};rtworkq=n,b` };
}
