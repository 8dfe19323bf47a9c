// A lock between processes that is free again when its holder crashes. Whoever makes an object of the lock's name has the
// lock, and Windows takes the name away with the last handle of the object, however its holder ends. An event, and a wait
// for the holder's process, tell the others when to try again.
//
//   node lock-between-processes.mjs

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProcessHandle, WaitableEvent, waitForAny } from 'rtworkq';

/**
 * Waits for the lock, and resolves to a function that gives it back. Keep that: what is forgotten is closed some day.
 * @param {string} name
 * @param {AbortSignal} [signal] ends the wait
 */
export async function lock(name, signal) {
  const note = join(tmpdir(), `${name}.lock`);
  const released = WaitableEvent.create({ name: `Local\\${name}-released` }); // wakes one of those who wait
  const attempt = () => WaitableEvent.create({ name: `Local\\${name}-lock` });
  let mine = attempt();
  try {
    while (!mine.createdNew) {
      mine.close(); // at once: while it is open here too, nobody gets the lock
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

/** Waits until the lock is given back, its holder is gone, or a second has gone by: the note may be older than the lock. */
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
    return undefined; // no note yet, or no such process any more
  }
}

const [name = `my-app-${process.pid}`, role] = process.argv.slice(2);

/** Starts this program as another process, and waits until it says something. */
async function start(/** @type {string} */ role) {
  const child = fork(import.meta.filename, [name, role]);
  const [message] = await once(child, 'message');
  console.log(`${role}: ${message}`);
  return child;
}

if (role) {
  const waiting = lock(name);
  if (role === 'who waits') process.send?.('waits for the lock');
  const unlock = await waiting;
  process.send?.('has the lock');
  if (role === 'who crashes') await once(process, 'disconnect'); // works, until it is killed
  unlock();
  process.disconnect?.();
} else {
  const victim = await start('who crashes');
  const waiting = lock(name);
  victim.kill('SIGKILL');
  const unlock = await waiting;
  console.log('it was killed, and the lock is ours');

  const other = await start('who waits');
  unlock();
  const [message] = await once(other, 'message');
  console.log(`we gave the lock back, and the other one ${message}`);
}
