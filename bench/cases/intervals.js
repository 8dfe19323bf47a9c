// Intervals, kept for a while: on an idle machine, and beside a process that keeps a processor busy.

const { PERIODS } = require('../lib/periods.js');

// What the bounds are about is measured for long: the final drift is that after ten seconds.
const SECONDS = { 'cpp-timer': 10, 'cpp-wait': 2, 'cpp-delay': 4, 'rtworkq-promises': 10, 'rtworkq-timers': 5 };
const OTHERS_SECONDS = 1;
const HUNDRED_SECONDS = 2;
const QUICK_SECONDS = 0.4;

const BOUND = [...Object.keys(SECONDS), 'nanotimer'];
const ALL = [...BOUND, 'waitable-timer', 'rtworkq', 'node', 'node-promises', 'accurate-interval', 'set-interval-async'];

/** @param {{ quick: boolean }} settings */
module.exports = ({ quick }) => {
  const one = (subject) => (quick ? QUICK_SECONDS : (SECONDS[subject] ?? OTHERS_SECONDS));
  const interval = (period, busy) => ({
    name: `interval ${period} ${busy ? 'busy' : 'idle'}`,
    // A quick run leaves out some, but not what the bounds are about.
    subjects: quick && busy ? BOUND : ALL,
    request: (subject) => ['intervals', 1, period, one(subject)],
    busy,
    once: true,
  });
  const hundred = {
    name: '100 intervals',
    subjects: ALL,
    request: () => ['intervals', 100, 10, quick ? QUICK_SECONDS : HUNDRED_SECONDS],
    once: true,
  };
  return [...PERIODS.map((period) => interval(period, false)), hundred, ...PERIODS.map((period) => interval(period, true))];
};
