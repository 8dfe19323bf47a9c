// Waits for handles: from a signal to the promise of one wait, and many waits at once.

const { KINDS, MANY } = require('../lib/kinds.js');

/** @param {{ quick: boolean }} settings */
module.exports = ({ quick }) => {
  const signals = (name, byThread, samples) => ({
    name,
    subjects: ['own-thread', 'rtworkq-waits'],
    request: () => ['signals', samples * (quick ? 0.1 : 1), byThread],
  });
  const many = (kind, index) => ({
    name: `waits, ${kind}`,
    subjects: ['rtworkq-waits'],
    request: () => ['manyWaits', index, MANY],
    fresh: true,
    once: true,
  });
  return [
    signals('signal', 0, 4_000),
    signals('signal by a thread', 1, 1_000),
    { ...signals('signal by a thread, busy', 1, 3_000), once: true, busy: true },
    ...KINDS.map(many),
  ];
};
