// How late a function that sleeps resolves.

const { sayAll } = require('./say.js');

const SAMPLES = 60;
const DELAY_MS = 5;

/** @param {string} about @param {(ms: number) => Promise<unknown>} sleep */
exports.measureLateness = async (about, sleep) => {
  // Warm up: the first call loads the addon, and may start a thread or the platform.
  await sleep(DELAY_MS);
  const late = [];
  for (let left = SAMPLES; left > 0; left--) {
    const start = performance.now();
    await sleep(DELAY_MS);
    late.push(performance.now() - start - DELAY_MS);
  }
  sayAll(about, 'ms late', late);
};
