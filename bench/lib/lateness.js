// How late single timers are.

const { performance } = require('node:perf_hooks');

/**
 * Milliseconds. The delays take turns, one timer starts every `pace` milliseconds by the same kind of timer.
 * @param {(delay: number) => Promise<number | void>} wait a timer; where it resolves to a time, that is when it says that it fired
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
