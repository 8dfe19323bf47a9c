// One interval of each period, on an idle machine and beside a process that keeps one processor busy; and 100 at once.

const { PERIODS } = require('../lib/periods.js');

// Every contender of a case runs for the same time, or drift and lateness could not be compared.
const SECONDS = 5;
const HUNDRED_SECONDS = 2;
const QUICK_SECONDS = 0.4;
// The headline's case gets 100 ticks even in a quick run: with fewer, the p99 is the maximum.
const QUICK_HEADLINE_SECONDS = 1;

const BOUND = ['cpp-timer', 'cpp-delay', 'own-thread', 'rtworkq-promises', 'rtworkq-timers', 'nanotimer'];
const ALL = [...BOUND, 'waitable-timer', 'rtworkq', 'node', 'node-promises', 'accurate-interval', 'set-interval-async'];

/** @param {{ quick: boolean }} settings */
module.exports = ({ quick }) => {
  const secondsOf = (period, busy) => {
    if (!quick) return SECONDS;
    return period === 10 && !busy ? QUICK_HEADLINE_SECONDS : QUICK_SECONDS;
  };
  const interval = (period, busy) => ({
    name: `interval ${period} ${busy ? 'busy' : 'idle'}`,
    // On a busy machine, a quick run measures only what the bounds need.
    subjects: quick && busy ? BOUND : ALL,
    request: () => ['intervals', 1, period, secondsOf(period, busy)],
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
