// Work items that are awaited, as the subjects in JavaScript do it. `putOne` puts one.

const { performance } = require('node:perf_hooks');
const { startMeter } = require('./meter.js');

/** One after another in each of `window` lanes: so many are in flight all the time. */
async function inLanes(putOne, count, window) {
  let left = count;
  const lane = async () => {
    while (left-- > 0) await putOne();
  };
  const perItem = startMeter();
  await Promise.all(Array.from({ length: window }, lane));
  return perItem(count);
}

/** One after the other, in milliseconds each. */
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
