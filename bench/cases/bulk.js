// Puts many work items at once.

const { COUNTS } = require('../lib/counts.js');

// Small counts are repeated: this many items in all.
const ALTOGETHER = 200_000;

/** @param {{ quick: boolean }} settings */
module.exports = ({ quick }) =>
  COUNTS.map((count) => ({
    name: `bulk ${count}`,
    subjects: ['cpp', 'cpp-timed', 'rtworkq'],
    request: () => ['bulk', count, Math.max(1, ((quick ? 0.1 : 1) * ALTOGETHER) / count)],
    rarely: quick && count > 10_000,
  }));
