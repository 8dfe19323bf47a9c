// Waits for the first of many handles, then for the next one, until one of them says stop. Here they are processes, which
// end in any order. Windows' own WaitForMultipleObjects takes 64; here there may be any number, and no thread of Node's
// pool waits.
//
//   node one-of-many.mjs [how many]

import { spawn } from 'node:child_process';
import { ProcessHandle, WaitableEvent, waitForAny } from 'rtworkq';

const [count = 4] = process.argv.slice(2).map(Number);

function start(/** @type {string} */ code) {
  const { pid = 0 } = spawn(process.execPath, ['-e', code]);
  return ProcessHandle.open(pid); // now: the id of a process that has ended may become another's
}

const jobs = Array.from({ length: count }, (_, index) => start(`process.exit(${index + 1})`));
jobs.push(start('setInterval(() => {}, 1000)')); // one that does not end by itself

// A manual-reset event stays set, and so does a process that has ended. An auto-reset event lets one wait through: where it
// is set in the moment in which somebody else decides the wait, that signal may be lost. For each of those take a loop of
// its own: `for await (const _ of event)`.
const stop = WaitableEvent.create({ manualReset: true });
process.once('SIGINT', () => stop.set());

for (;;) {
  // Where several are signaled, the first of the list wins: so `stop` stands in front.
  const result = await waitForAny([stop, ...jobs], { timeout: 60_000 });
  if (result === 'timeout') throw new Error('no job has ended for a minute');
  if (result.index === 0) break;
  const [job] = jobs.splice(result.index - 1, 1);
  console.log(`a job has ended with ${job.exitCode}`);
  job.close();
  if (jobs.length === 1) stop.set(); // for this example
}

for (const job of jobs) {
  console.log('stopped: a job is ended that still runs');
  process.kill(job.pid);
}
