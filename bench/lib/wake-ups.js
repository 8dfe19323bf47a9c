// Counts how often the threads of an idle program are woken. Only Linux reports how often a thread has blocked.

const { existsSync, readFileSync, readdirSync } = require('node:fs');
const { setTimeout: sleep } = require('node:timers/promises');
const { startSubject } = require('./programs.js');

// The root of Linux, as programs in Wine see it.
const PROC = 'Z:/proc';

/** Whether this machine can count them. */
exports.countsWakeUps = existsSync(`${PROC}/self/task`);

// Node's start is over by then, and so are threads that end some seconds after their last use.
const SETTLE_MS = 12_000;
const MINUTE_MS = 60_000;

/** The process whose command line ends in `marker`. Linux gives it another id than Windows. */
const findProcess = (marker) =>
  readdirSync(PROC).find((id) => {
    if (!/^\d+$/.test(id)) return false;
    try {
      const words = readFileSync(`${PROC}/${id}/cmdline`, 'utf8').split('\0').filter(Boolean);
      return words.at(-1) === marker;
    } catch {
      // It has ended.
      return false;
    }
  });

/** How often all threads of a process have blocked so far. */
const wakeUpsOf = (id) =>
  readdirSync(`${PROC}/${id}/task`).reduce((sum, task) => {
    const status = readFileSync(`${PROC}/${id}/task/${task}/status`, 'utf8');
    return sum + Number(/^voluntary_ctxt_switches:\s*(\d+)/m.exec(status)?.[1]);
  }, 0);

/** Starts a subject's program and its timer. Returns a function that counts its wake-ups so far, and one that ends it. */
async function startIdle(subject) {
  const marker = `idle-${subject}-${process.pid}`;
  const program = await startSubject(subject, marker);
  await program.ask(['idle']);
  const id = findProcess(marker);
  return { count: () => wakeUpsOf(id), end: () => program.end() };
}

/**
 * Wake-ups of a program with one ten-minute timer, per minute. The programs run side by side.
 * @param {string[]} subjects
 */
exports.measureIdle = async (subjects, seconds) => {
  const programs = await Promise.all(subjects.map(startIdle));
  await sleep(SETTLE_MS);
  const before = programs.map(({ count }) => count());
  await sleep(seconds * 1000);
  const after = programs.map(({ count }) => count());
  await Promise.all(programs.map(({ end }) => end()));
  return subjects.map((_, index) => ((after[index] - before[index]) * MINUTE_MS) / (seconds * 1000));
};
