// How often a program with one ten-minute timer is woken, by the package's timer and by Node's.

const { countsWakeUps, measureIdle } = require('../lib/wake-ups.js');

/** @param {{ quick: boolean }} settings */
module.exports = ({ quick }) => {
  let measured;
  const measure = () => (measured ??= measureIdle(['rtworkq-timers', 'node'], quick ? 10 : 60));
  const answerOf = async (subject) => {
    const [ours, nodes] = await measure();
    return { wakeUps: subject === 'node' ? nodes : ours };
  };
  return countsWakeUps ? [{ name: 'idle', subjects: ['rtworkq-timers', 'node'], answerOf, once: true }] : [];
};
