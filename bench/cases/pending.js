// Starts many timers and cancels them before they fire. Each time in a new process, whose memory holds nothing from the last one.

const { COUNTS } = require('../lib/counts.js');

/** @param {{ quick: boolean }} settings */
module.exports = ({ quick }) =>
  COUNTS.map((count) => ({
    name: `pending ${count}`,
    // Wine keeps scheduled items in a sorted list, so more of them take minutes.
    subjects: count > 1_000 ? ['rtworkq-timers', 'node'] : ['rtworkq-timers', 'node', 'rtworkq'],
    request: () => ['pending', count],
    fresh: true,
    rarely: quick,
  }));
