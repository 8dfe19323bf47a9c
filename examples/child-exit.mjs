// Waits for a process to exit and gets its exit code, with a timeout. Works for any process that this user may open, not only
// for child processes.
//
//   node child-exit.mjs

import { spawn } from 'node:child_process';
import { ProcessHandle, waitFor, waitForProcessExit } from 'rtworkq';

const { pid: quick = 0 } = spawn(process.execPath, ['-e', 'process.exit(3)']);
const code = await waitForProcessExit(quick, { timeout: 60_000 });
console.log(code === 'timeout' ? 'the first process is still running' : `the first process exited with ${code}`);

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

const { pid: stuck = 0 } = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
console.log(`the second process exited with ${await endWithin(stuck, 500)}`);
