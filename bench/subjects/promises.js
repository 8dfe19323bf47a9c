// What V8 takes for an item that is awaited, as a work item is, and that nobody has put anywhere: the least for JavaScript.

const { startMeter } = require('../lib/meter.js');

// biome-ignore lint/suspicious/noThenProperty: so that no other one is looked for, as with the result of a work item.
const RESULT = { status: 0, firedAt: 0, then: undefined };

let pending = [];

class Item {
  // biome-ignore lint/suspicious/noThenProperty: a work item is a thenable, too.
  then(resolve) {
    pending.push(resolve);
  }
}

/** Settles what has been awaited, as a batch does. */
function settle() {
  const batch = pending;
  pending = [];
  for (const resolve of batch) resolve(RESULT);
}

async function put(count, window) {
  let left = count;
  let going = window;
  const lane = async () => {
    while (left-- > 0) await new Item();
    going--;
  };
  const perItem = startMeter();
  const all = Promise.all(Array.from({ length: window }, lane));
  while (going > 0) {
    await undefined;
    settle();
  }
  await all;
  return perItem(count);
}

module.exports = { measures: { put } };
