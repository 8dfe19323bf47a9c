// Single timers of 1, 5 and 20 ms; one starts every 2 ms.

/** @param {{ quick: boolean }} settings */
module.exports = ({ quick }) => [
  {
    name: 'lateness',
    subjects: ['cpp', 'rtworkq', 'waitable-timer', 'rtworkq-timers', 'rtworkq-promises', 'node', 'node-promises', 'nanotimer'],
    request: () => ['lateness', quick ? 10 : 50, 2, 1, 5, 20],
  },
];
