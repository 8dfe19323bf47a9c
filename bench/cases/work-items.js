// Throughput and round trip of single work items.

/** @param {{ quick: boolean }} settings */
module.exports = ({ quick }) => {
  const scale = quick ? 0.1 : 1;
  return [
    {
      name: 'put 1000',
      subjects: ['cpp', 'cpp-reuse', 'naive', 'ping-pong-await', 'rtworkq'],
      // The naive addon takes ten times as long, so it puts fewer.
      request: (subject) => ['put', (subject === 'naive' ? 30_000 : 200_000) * scale, 1_000],
    },
    {
      name: 'put 8',
      subjects: ['cpp', 'cpp-reuse', 'naive', 'ping-pong-await', 'rtworkq'],
      request: () => ['put', 40_000 * scale, 8],
    },
    { name: 'trips', subjects: ['cpp', 'ping-pong', 'ping-pong-await', 'rtworkq'], request: () => ['trips', 4_000 * scale] },
    // Beside a busy processor: the longest delays count.
    {
      name: 'trips busy',
      subjects: ['cpp', 'ping-pong', 'rtworkq'],
      request: () => ['trips', 20_000 * scale],
      once: true,
      busy: true,
    },
    { name: 'cancel', subjects: ['cpp', 'ping-pong', 'rtworkq'], request: () => ['cancel', 50_000 * scale] },
  ];
};
