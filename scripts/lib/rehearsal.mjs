// Rehearses CI's jobs on this machine: quickly, as part of `npm test`, or with all shell steps of two of ci.yml's jobs.

import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { say } from './log.mjs';
import { ensurePackages } from './packages.mjs';
import { filesBelow, root, sha256 } from './paths.mjs';
import { readCounts, rowOf, testStep } from './results.mjs';
import { LONG_HOST_FILES } from './test-plan.mjs';
import { ARCH, withOwnClone, withWindowsClone } from './windows-clone.mjs';
import { shellSteps } from './workflow.mjs';

/** @typedef {import('./results.mjs').Row} Row */

// These show in seconds whether lint, the scripts and the test helpers work on Windows.
const QUICK = ['lint', 'host/ecosystem', 'host/links'];

// A selection: tests of processes, Workers, the loader and waits, and tests whose answers Microsoft does not document.
const WINDOWS_TESTS = ['core/work-items', 'core/queues', 'core/handles/process', 'core/platform', 'lifetime/alive', 'lifetime/loading'];

// Steps that cannot be rehearsed, by a pattern of their command, and why.
const NOT_REHEARSED = [[/doctor\.mjs|run-benchmark\.mjs|facts\.mjs/, 'it measures the machine, and MSVC compiles parts of it']];

/**
 * Runs lint and the fast files of test/host in the Windows Node.
 * @param {string} lane
 * @returns {Promise<Row[]>}
 */
export function rehearseQuickly(lane) {
  return withWindowsClone({ lane, built: true }, async (clone) => {
    const counts = await testStep('Rehearse on Windows: lint and the fast tests of test/host', async () => {
      const { stdout, log } = await clone.run(['node.exe', 'scripts/test.mjs', ...QUICK]);
      return { ...readCounts(stdout), log };
    });
    return [{ name: 'rehearsal on Windows', ...counts }];
  });
}

const skipped = (name, reason) => {
  say(`- ${name}: not rehearsed, ${reason}`);
  return rowOf(name, 'skipped');
};

/** Runs a step of a workflow. A step that runs the tests returns their counts. */
async function rehearseStep(clone, { name, shell, command, env }) {
  const reason = shell === 'powershell' ? 'there is no PowerShell here' : NOT_REHEARSED.find(([pattern]) => pattern.test(command))?.[1];
  if (reason) return skipped(name, reason);
  const counts = await testStep(name, async () => {
    const words = command.split(/\s+/);
    const { ok, stdout, log } =
      shell === 'bash' || !clone.run ? await clone.bash(command, env) : await clone.run(['cmd.exe', '/d', '/c', ...words], env);
    const sums = command.startsWith('npm test') ? readCounts(stdout) : rowOf(name, ok ? 'passed' : 'failed');
    return { ...sums, log };
  });
  return { name, ...counts };
}

/** Runs the steps in order. Goes on after a failure, although later steps may fail because of it. */
async function rehearseJob(clone, name, steps) {
  const rows = [];
  for (const each of steps) {
    const row = await rehearseStep(clone, each);
    rows.push({ ...row, name: `${name}: ${row.name}` });
  }
  return rows;
}

/** @returns {Promise<Row[]>} the steps of ci.yml's job `windows`; `npm test` runs only some files of test/core and test/lifetime */
async function rehearseWindows() {
  // The first `npm test` tests the build from source, and includes lint and test/host. The later ones test the prebuild.
  let tests = ['lint', 'host', ...WINDOWS_TESTS];
  const steps = (await shellSteps('ci.yml', 'windows', { 'matrix.arch': ARCH, 'matrix.node': '24' })).map((each) => {
    if (each.command !== 'npm test') return each;
    const command = ['npm', 'test', '--', ...tests].join(' ');
    tests = WINDOWS_TESTS;
    return { ...each, command };
  });
  return withWindowsClone({ built: false }, async (clone) => {
    const rows = await rehearseJob(clone, 'windows', steps);
    return [...rows, await compareDist(clone)];
  });
}

/** @returns {Promise<Row>} whether the Windows Node builds the same dist/ as this machine's Node */
async function compareDist(clone) {
  const name = 'dist/ is the same as here';
  const read = (folder) => filesBelow(folder).map((file) => [relative(folder, file), sha256(readFileSync(file))]);
  const [here, there] = [root, clone.folder].map((folder) => read(join(folder, 'dist')));
  const differ = there.filter(([file, hash]) => here.find(([other]) => other === file)?.[1] !== hash).map(([file]) => file);
  const same = differ.length === 0 && here.length === there.length && here.length > 0;
  say(same ? `✓ ${name}` : `✗ ${name}: ${differ.join(', ') || `${there.length} files instead of ${here.length}`}`);
  return rowOf(name, same ? 'passed' : 'failed');
}

/** @returns {Promise<Row[]>} the steps of the job `elsewhere`, which is for systems other than Windows, and the long tests */
async function rehearseElsewhere() {
  const steps = await shellSteps('ci.yml', 'elsewhere', {});
  const long = { name: 'Test what npm test leaves out here', shell: 'bash', command: ['npm', 'test', '--', ...LONG_HOST_FILES].join(' ') };
  return withOwnClone((clone) => rehearseJob(clone, 'elsewhere', [...steps, long]));
}

/** @returns {Promise<Row[]>} */
export async function rehearse() {
  await ensurePackages();
  return [...(await rehearseElsewhere()), ...(await rehearseWindows())];
}
