// A lock between processes: only one of them holds it at a time. If its holder crashes or is killed, the next one gets it, with
// `lock.abandoned`.
//
//   node lock-between-processes.mjs

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { locks } from 'rtworkq';

// A `Local\` name is visible in this session, a `Global\` name on the whole machine.
const [name = `Local\\my-app-${process.pid}`, role] = process.argv.slice(2);

/** Starts this program as another process, and waits for its first message. */
async function start(/** @type {string} */ role) {
  const child = fork(import.meta.filename, [name, role]);
  const [message] = await once(child, 'message');
  console.log(`${role}: ${message}`);
  return child;
}

async function holdUntilKilled() {
  await locks.request(name, async () => {
    process.send?.('has the lock');
    await once(process, 'disconnect'); // never happens: the process is killed first
  });
}

async function waitForLock() {
  const waiting = locks.request(name, (lock) => {
    process.send?.(lock.abandoned ? 'has the lock, which was abandoned' : 'has the lock');
  });
  process.send?.('waits for the lock');
  await waiting;
  process.disconnect?.();
}

async function main() {
  const victim = await start('victim');
  const taken = await locks.request(name, { ifAvailable: true }, (lock) => lock === null);
  console.log(`the lock is ${taken ? 'taken' : 'free'}`);

  const waiting = locks.request(name, (lock) => {
    console.log(`the victim was killed, and we have the lock; abandoned: ${lock.abandoned}`);
    // A real program now checks what the lock protects: the victim may have left it half-written.
    return start('waiter'); // the lock is released when this promise settles
  });
  victim.kill('SIGKILL');
  const other = await waiting;
  const [message] = await once(other, 'message');
  console.log(`we released the lock, and the waiter ${message}`);
}

if (role === 'victim') await holdUntilKilled();
else if (role === 'waiter') await waitForLock();
else await main();
