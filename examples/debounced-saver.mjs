// Debounces a save: saves once there has been no change for a while, rather than at each key. If the program ends before that,
// it saves immediately.
//
// A common first attempt is `pending.cancel()` and then `pending = scheduleWorkItem(500); pending.then(save)`. It fails with an
// uncaught AbortError: a cancelled work item rejects, and so does the promise that `then` returns.
//
//   node debounced-saver.mjs [file]

import { readFile, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scheduleWorkItem, shutdown } from 'rtworkq';

/**
 * Returns a function to call at each change. It calls `save` after `milliseconds` without a change.
 * @param {() => Promise<void>} save
 * @param {number} milliseconds
 * @param {(error: Error) => void} failed called with the error if `save` rejects
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
    // A later change has replaced this item: it was cancelled, or had fired just before that.
    if (item !== current) return;
    // Nothing else cancels it. So it has fired, or shutdown() has ended it and this is the last chance to save.
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
/** @type {(value?: unknown) => void} */
let tellSaved = () => {};
const saved = new Promise((resolve) => {
  tellSaved = resolve;
});

async function save() {
  // Write to another name first: after a crash, the old file or the new one is complete.
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
  console.log(`save ${++saves}: ${await readFile(file, 'utf8')}`);
  tellSaved();
}

const changed = debounced(save, 300, (error) => console.error(`could not save: ${error.message}`));

for (const letter of 'hello') {
  text += letter;
  changed();
}
await saved; // for this example: the user pauses until then

text += ' world';
changed();
process.once('SIGINT', () => shutdown());
process.emit('SIGINT'); // for this example: the user presses Ctrl+C
