// Many timers that are started and cancelled before they fire. In a new process each: one has a memory of the last.

const { COUNTS } = require('../lib/counts.js');

/** @param {{ quick: boolean }} settings */
module.exports = ({ quick }) =>
  COUNTS.map((count) => ({
    name: `pending ${count}`,
    // Wine keeps scheduled items in a sorted list: with more of them it takes minutes.
    subjects: count > 1_000 ? ['rtworkq-timers', 'node'] : ['rtworkq-timers', 'node', 'rtworkq'],
    request: () => ['pending', count],
    fresh: true,
    rarely: quick,
  }));
