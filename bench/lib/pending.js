// What it takes to start timers and to cancel them before they fire, with many of them pending.

const { performance } = require('node:perf_hooks');

// For small counts: so many in all, so that there is something to measure.
const ALTOGETHER = 200_000;
// A prime, for an order that looks like none.
const STRIDE = 7919;

/** Far away, with some thousand different delays. */
const delayOf = (index) => 600_000 + ((index * STRIDE) % 10_000);

function memory() {
  globalThis.gc();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: heapUsed + external, rss };
}

/**
 * They are cancelled in the order in which they were started, as the time limits of requests are; then, for the processor's caches,
 * in another.
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

  // Unmeasured: JavaScript is compiled meanwhile.
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
