// The long versions of tests: which runs `npm run test:deep` has, and the programs that keep the processors busy.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { StepError } from './log.mjs';
import { root } from './paths.mjs';
import { WINE_DLLS } from './stand-in-wine.mjs';
import { planRuns } from './test-plan.mjs';

const PATTERNS = ['conservation', 'core/model', 'lifetime/many-waits', 'lifetime/mutexes', 'lifetime/timers', 'lifetime/workers'];

/** @typedef {import('./test-plan.mjs').Run} Run */

/**
 * @param {{ node?: string, arch?: string, dll?: string }} values of the command line
 * @returns {Run[]} in Wine one for each DLL, in x64 and ia32 unless one was chosen; ia32 is optional then
 */
export function planDeep({ node, arch, dll }) {
  const onWindows = process.platform === 'win32';
  const dlls = onWindows ? [undefined] : dll ? [dll] : WINE_DLLS;
  // Not every Node has a 32-bit build.
  const targets = onWindows || node || arch ? [{ node, arch }] : [{ arch: 'x64' }, { node: '22', arch: 'ia32' }];
  return targets.flatMap((target) =>
    dlls.flatMap((each) =>
      planRuns({ ...target, dll: each }, PATTERNS).map((run) => ({ ...run, optional: !arch && target.arch === 'ia32' })),
    ),
  );
}

/**
 * Keeps two processors busy while an action runs. The programs end even if this one is killed, because their input ends.
 * @template T
 * @param {() => Promise<T>} action
 * @returns {Promise<T>}
 */
export async function besideBusyLoops(action) {
  const programs = [0, 1].map(() => spawn(process.execPath, [join(root, 'bench/busy.js')], { stdio: ['pipe', 'pipe', 'inherit'] }));
  const ended = programs.map((program) => once(program, 'exit'));
  try {
    await Promise.all(
      programs.map(async (program, index) => {
        const [line] = await Promise.race([once(program.stdout, 'data'), ended[index]]);
        if (!Buffer.isBuffer(line)) throw new StepError('A busy loop did not start.');
      }),
    );
    return await action();
  } finally {
    for (const program of programs) program.stdin.end();
    await Promise.all(ended);
  }
}
