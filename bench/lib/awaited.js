// Awaits work items, for all JavaScript subjects. `putOne` puts one item.

const { performance } = require('node:perf_hooks');
const { startMeter } = require('./meter.js');

/** Keeps `window` items in flight: `window` loops run at once, and each awaits one item after the other. */
async function inLanes(putOne, count, window) {
  let left = count;
  const lane = async () => {
    while (left-- > 0) await putOne();
  };
  const perItem = startMeter();
  await Promise.all(Array.from({ length: window }, lane));
  return perItem(count);
}

/** One item after the other; the round trip of each in milliseconds. */
async function oneByOne(putOne, count) {
  const trip = [];
  for (let done = 0; done < count; done++) {
    const start = performance.now();
    await putOne();
    trip.push(performance.now() - start);
  }
  return { trip };
}

module.exports = { inLanes, oneByOne };
