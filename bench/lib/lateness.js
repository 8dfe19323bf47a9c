// Measures how late single timers are.

const { performance } = require('node:perf_hooks');

/**
 * In milliseconds. The delays take turns; the subject's own timer starts the next one every `pace` milliseconds.
 * @param {(delay: number) => Promise<number | void>} wait resolves when the timer fires, with the time at which the native timer
 *   fired if the subject reports it
 */
async function measureLateness(wait, samples, pace, ...delays) {
  const fired = [];
  const settled = [];
  const sample = async (delay) => {
    const due = performance.now() + delay;
    const firedAt = await wait(delay);
    settled.push(performance.now() - due);
    if (firedAt !== undefined) fired.push(firedAt - due);
  };
  const started = [];
  for (let turn = 0; turn < samples; turn++) {
    for (const delay of delays) {
      started.push(sample(delay));
      await wait(pace);
    }
  }
  await Promise.all(started);
  return fired.length > 0 ? { fired, settled } : { settled };
}

module.exports = { measureLateness };
