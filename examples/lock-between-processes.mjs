// A lock across processes that is released if its holder crashes. The process that creates an object with the lock's name holds
// the lock. Windows removes the name with the object's last handle, however its holder ends. An event and a wait for the holder's
// process tell the others when to try again.
//
//   node lock-between-processes.mjs

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProcessHandle, WaitableEvent, waitForAny } from 'rtworkq';

/**
 * Waits for the lock, and resolves to a function that releases it.
 * @param {string} name
 * @param {AbortSignal} [signal] ends the wait
 */
export async function lock(name, signal) {
  const note = join(tmpdir(), `${name}.lock`);
  const released = WaitableEvent.create({ name: `Local\\${name}-released` }); // auto-reset: wakes one waiter
  const attempt = () => WaitableEvent.create({ name: `Local\\${name}-lock` });
  let mine = attempt();
  try {
    while (!mine.createdNew) {
      mine.close(); // immediately: while it is open here, no process can get the lock
      await change(released, note, signal);
      mine = attempt();
    }
    writeFileSync(note, String(process.pid));
  } catch (error) {
    mine.close();
    released.close();
    throw error;
  }
  return () => {
    mine.close();
    released.set();
    released.close();
  };
}

/** Waits until the lock is released, its holder exits, or a second has passed, because the note may be older than the lock. */
async function change(/** @type {WaitableEvent} */ released, /** @type {string} */ note, /** @type {AbortSignal | undefined} */ signal) {
  const holder = openHolder(note);
  try {
    await waitForAny(holder ? [released, holder] : [released], { timeout: 1_000, signal });
  } finally {
    holder?.close();
  }
}

function openHolder(/** @type {string} */ note) {
  try {
    return ProcessHandle.open(Number(readFileSync(note, 'utf8')));
  } catch {
    return undefined; // there is no note yet, or the process no longer exists
  }
}

const [name = `my-app-${process.pid}`, role] = process.argv.slice(2);

/** Starts this program as another process, and waits for its first message. */
async function start(/** @type {string} */ role) {
  const child = fork(import.meta.filename, [name, role]);
  const [message] = await once(child, 'message');
  console.log(`${role}: ${message}`);
  return child;
}

if (role) {
  const waiting = lock(name);
  if (role === 'waiter') process.send?.('waits for the lock');
  const unlock = await waiting;
  process.send?.('has the lock');
  if (role === 'victim') await once(process, 'disconnect'); // holds the lock until it is killed
  unlock();
  process.disconnect?.();
} else {
  const victim = await start('victim');
  const waiting = lock(name);
  victim.kill('SIGKILL');
  const unlock = await waiting;
  console.log('the victim was killed, and we have the lock');

  const other = await start('waiter');
  unlock();
  const [message] = await once(other, 'message');
  console.log(`we released the lock, and the waiter ${message}`);
}
