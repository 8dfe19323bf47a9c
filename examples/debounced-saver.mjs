// Saves what is changed, once nothing has changed for a while, and not at each key. When the program ends before that, it
// saves at once.
//
// The first attempt is often `pending.cancel()` and then `pending = scheduleWorkItem(500); pending.then(save)`. It ends
// in an uncaught AbortError: a work item that is cancelled rejects, and so does what `then` returns.
//
//   node debounced-saver.mjs [file]

import { readFile, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scheduleWorkItem, shutdown } from 'rtworkq';

/**
 * A function to call at each change. It calls `save` when there was no change for so many milliseconds.
 * @param {() => Promise<void>} save
 * @param {number} milliseconds
 * @param {(error: Error) => void} failed is told why `save` could not
 */
export function debounced(save, milliseconds, failed) {
  /** @type {import('rtworkq').WorkItem | undefined} */
  let current;
  let saving = Promise.resolve();

  /** @param {import('rtworkq').WorkItem} item */
  async function saveAfter(item) {
    await item.catch((error) => {
      if (error.name !== 'AbortError') throw error;
    });
    // A later change has taken its place: it was cancelled, or had fired a moment too early for that.
    if (item !== current) return;
    // Nobody else cancels it: so it has fired, or shutdown() has ended it, and this is the last chance.
    current = undefined;
    saving = saving.then(save).catch(failed); // one after the other
  }

  return () => {
    const before = current;
    current = scheduleWorkItem(milliseconds);
    before?.cancel();
    saveAfter(current);
  };
}

const [file = join(tmpdir(), `debounced-saver-${process.pid}.txt`)] = process.argv.slice(2);
let text = '';
let saves = 0;

async function save() {
  // Under another name first: who crashes in the middle has the old file or the new one.
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
  console.log(`save ${++saves}: ${await readFile(file, 'utf8')}`);
}

const changed = debounced(save, 300, (error) => console.error(`not saved: ${error.message}`));

for (const letter of 'hello') {
  text += letter;
  changed();
}
await scheduleWorkItem(1_000);

text += ' world';
changed();
process.once('SIGINT', () => shutdown());
process.emit('SIGINT'); // for this example: the user presses Ctrl+C
