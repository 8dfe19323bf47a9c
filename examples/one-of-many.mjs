// Waits for the first of many handles, then for the next one, until a stop event is set. Here the handles are processes, which
// exit in any order. WaitForMultipleObjects accepts at most 64 handles; waitForAny accepts up to 65,536, and blocks no thread of
// Node's pool.
//
//   node one-of-many.mjs [number of jobs]

import { spawn } from 'node:child_process';
import { ProcessHandle, WaitableEvent, waitForAny } from 'rtworkq';

const [count = 4] = process.argv.slice(2).map(Number);

function start(/** @type {string} */ code) {
  const { pid = 0 } = spawn(process.execPath, ['-e', code]);
  return ProcessHandle.open(pid); // now, before the process can end and Windows can reuse its id
}

const jobs = Array.from({ length: count }, (_, index) => start(`process.exit(${index + 1})`));
jobs.push(start('setInterval(() => {}, 1000)')); // one that never exits by itself

// Manual-reset, because everything that waits for it should stop. An auto-reset event works here too: if another handle ends the
// wait, the event stays set for the next one.
const stop = WaitableEvent.create({ manualReset: true });
process.once('SIGINT', () => stop.set());

for (;;) {
  // If several are signaled, the first in the list wins, so `stop` comes first.
  const result = await waitForAny([stop, ...jobs], { timeout: 60_000 });
  if (result === 'timeout') throw new Error('no job exited within a minute');
  if (result.index === 0) break;
  const [job] = jobs.splice(result.index - 1, 1);
  console.log(`a job exited with ${job.exitCode}`);
  job.close();
  if (jobs.length === 1) stop.set(); // for this example
}

for (const job of jobs) {
  console.log('stopped: killing a job that is still running');
  process.kill(job.pid);
}
