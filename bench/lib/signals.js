// Measures how long after an event was set the promise of a wait for it settles.

const { files } = require('./settings.js');

// Node's clock, which counts from the same start as the performance counter.
const now = () => Number(process.hrtime.bigint()) / 1e6;

/**
 * In milliseconds, one wait after the other.
 * @param {(event: bigint) => () => Promise<unknown>} waiterOf returns a function that starts to wait for the event
 * @param {number} byThread 1 if another thread sets the event, while this one sleeps
 */
async function measureSignals(waiterOf, samples, byThread) {
  const { createEvent, eventSetAt, setEvent, setEventSoon } = require(files.naive);
  const event = createEvent();
  const wait = waiterOf(event);
  const settled = [];
  for (let sample = 0; sample < samples; sample++) {
    const waited = wait();
    let start = now();
    if (byThread) setEventSoon(event);
    else setEvent(event);
    await waited;
    const end = now();
    if (byThread) start = eventSetAt();
    settled.push(end - start);
  }
  return { settled };
}

module.exports = { measureSignals };
