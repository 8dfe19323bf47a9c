// The end of a process, with its exit code, or a timeout. It need not be a child: any process that this user may open.
//
//   node child-exit.mjs

import { spawn } from 'node:child_process';
import { ProcessHandle, waitFor, waitForProcessExit } from 'rtworkq';

const { pid: quick = 0 } = spawn(process.execPath, ['-e', 'process.exit(3)']);
const code = await waitForProcessExit(quick, { timeout: 60_000 });
console.log(code === 'timeout' ? 'the first one still runs' : `the first one has ended with ${code}`);

/** Ends a process that takes longer than so many milliseconds. Resolves to the exit code. */
async function endWithin(/** @type {number} */ pid, /** @type {number} */ timeout) {
  const child = ProcessHandle.open(pid); // For as long as this is open, the id is no other process's.
  try {
    if ((await waitFor(child, { timeout })) === 'timeout') {
      console.log(`the second one still runs after ${timeout} ms: it is ended`);
      process.kill(pid); // TerminateProcess: Windows has no gentler signal.
      await waitFor(child);
    }
    return child.exitCode;
  } finally {
    child.close();
  }
}

const { pid: stuck = 0 } = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
console.log(`the second one has ended with ${await endWithin(stuck, 500)}`);
