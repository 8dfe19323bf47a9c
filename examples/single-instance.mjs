// One instance of a program. A second one tells the first to come to the front, and ends. When the first one ends, or
// crashes, the name is free.
//
//   node single-instance.mjs [name]

import { spawn } from 'node:child_process';
import { RtwqError, WaitableEvent } from 'rtworkq';

const [name = 'my-app'] = process.argv.slice(2);

/** The event of this name, which lives for as long as somebody has it open. */
function claim() {
  try {
    return WaitableEvent.create({ name: `Local\\${name}-instance` });
  } catch (error) {
    // It is there, and belongs to an instance with more rights: one that was started as administrator.
    if (error instanceof RtwqError && error.code === 'E_ACCESSDENIED') return undefined;
    throw error;
  }
}

const instance = claim();

if (instance?.createdNew) {
  console.log('this is the first instance');
  // For this example: the user starts the program once more.
  spawn(process.execPath, [import.meta.filename, name], { stdio: 'inherit' });

  let fronts = 0;
  for await (const _ of instance) {
    console.log('first instance: comes to the front');
    if (++fronts === 1) break; // A real program goes on here until it ends.
  }
} else {
  console.log('second instance: there is one already');
  instance?.set();
}
instance?.close();
