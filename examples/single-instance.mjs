// Allows only one instance of a program. A second instance tells the first to come to the front, and exits. When the first one
// exits or crashes, the name is free again.
//
//   node single-instance.mjs [name]

import { spawn } from 'node:child_process';
import { RtwqError, WaitableEvent } from 'rtworkq';

const [name = 'my-app'] = process.argv.slice(2);

/** The event with this name, which exists as long as any process has it open. */
function claim() {
  try {
    return WaitableEvent.create({ name: `Local\\${name}-instance` });
  } catch (error) {
    // The event exists, but belongs to an instance with more rights, such as one started as administrator.
    if (error instanceof RtwqError && error.code === 'E_ACCESSDENIED') return undefined;
    throw error;
  }
}

const instance = claim();

if (instance?.createdNew) {
  console.log('this is the first instance');
  // For this example: starts the program again, as a user would.
  spawn(process.execPath, [import.meta.filename, name], { stdio: 'inherit' });

  let fronts = 0;
  for await (const _ of instance) {
    console.log('first instance: coming to the front');
    if (++fronts === 1) break; // A real program continues here until it ends.
  }
} else {
  console.log('second instance: already running');
  instance?.set();
}
instance?.close();
