// Measures the cost of starting timers, and of cancelling them before they fire, while many of them are pending.

const { performance } = require('node:perf_hooks');

// Small counts are repeated until this many timers have been started: fewer take too short a time to measure.
const ALTOGETHER = 200_000;
// A prime, for an order that looks random.
const STRIDE = 7919;

/** Ten minutes or more, so that none fires; ten thousand different delays. */
const delayOf = (index) => 600_000 + ((index * STRIDE) % 10_000);

function memory() {
  globalThis.gc();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: heapUsed + external, rss };
}

/**
 * Cancels the timers in the order in which they were started, as requests cancel their timeouts; then once more in a shuffled
 * order, which misses the processor's caches.
 * @template T
 * @param {{ start: (delay: number) => T, cancel: (timer: T) => void }} timers
 */
function measurePending({ start, cancel }, count) {
  const timers = new Array(count).fill(undefined);
  const startAll = () => {
    for (let index = 0; index < count; index++) timers[index] = start(delayOf(index));
  };
  const cancelAll = () => {
    for (let index = 0; index < count; index++) cancel(timers[index]);
  };
  const cancelShuffled = () => {
    for (let index = 0; index < count; index++) cancel(timers[(index * STRIDE) % count]);
  };
  const turns = Math.max(1, Math.round(ALTOGETHER / count));
  const timed = (action) => {
    const begin = performance.now();
    action();
    return ((performance.now() - begin) * 1e6) / (count * turns);
  };

  // Not timed: V8 compiles the code meanwhile.
  const before = memory();
  startAll();
  const after = memory();
  cancelAll();

  const result = {
    startNs: 0,
    cancelNs: 0,
    cancelShuffledNs: 0,
    heapBytes: (after.heap - before.heap) / count,
    rssBytes: (after.rss - before.rss) / count,
  };
  for (let turn = 0; turn < turns; turn++) {
    result.startNs += timed(startAll);
    result.cancelNs += timed(cancelAll);
    startAll();
    result.cancelShuffledNs += timed(cancelShuffled);
  }
  return result;
}

module.exports = { measurePending };
