// Waits for a process to exit and gets its exit code, with a timeout. Works for any process that this user may open, not only
// for child processes.
//
//   node child-exit.mjs PID   waits for the process with this id
//   node child-exit.mjs       starts two processes; waits for the first, and kills the second

import { spawn } from 'node:child_process';
import { ProcessHandle, waitFor, waitForProcessExit } from 'rtworkq';

async function watch(/** @type {string} */ name, /** @type {number} */ pid) {
  const code = await waitForProcessExit(pid, { timeout: 60_000 });
  console.log(code === 'timeout' ? `${name} is still running` : `${name} exited with ${code}`);
}

/** Kills a process that is still running after `timeout` milliseconds. Resolves to the exit code. */
async function endWithin(/** @type {number} */ pid, /** @type {number} */ timeout) {
  const child = ProcessHandle.open(pid); // While this is open, Windows does not reuse the id.
  try {
    if ((await waitFor(child, { timeout })) === 'timeout') {
      console.log(`the second process is still running after ${timeout} ms: killing it`);
      process.kill(pid); // TerminateProcess: Windows has no gentler signal.
      await waitFor(child);
    }
    return child.exitCode;
  } finally {
    child.close();
  }
}

const given = process.argv[2];
if (given) {
  await watch(`process ${given}`, Number(given));
} else {
  const { pid: quick = 0 } = spawn(process.execPath, ['-e', 'process.exit(3)']);
  await watch('the first process', quick);
  const { pid: stuck = 0 } = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  console.log(`the second process exited with ${await endWithin(stuck, 500)}`);
}
