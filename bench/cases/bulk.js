// Many work items at once.

const { COUNTS } = require('../lib/counts.js');

// Small ones are repeated until there is something to measure.
const ALTOGETHER = 200_000;

/** @param {{ quick: boolean }} settings */
module.exports = ({ quick }) =>
  COUNTS.map((count) => ({
    name: `bulk ${count}`,
    subjects: ['cpp', 'cpp-timed', 'rtworkq'],
    request: () => ['bulk', count, Math.max(1, ((quick ? 0.1 : 1) * ALTOGETHER) / count)],
    rarely: quick && count > 10_000,
  }));
