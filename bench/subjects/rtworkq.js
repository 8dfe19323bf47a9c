// The package's work items. native/baseline/work_items.cc measures the same in C++.

const { performance } = require('node:perf_hooks');
const { inLanes, oneByOne } = require('../lib/awaited.js');
const { requireHere } = require('../lib/package.js');
const { startMeter } = require('../lib/meter.js');
const { putWorkItem, putWorkItems, scheduleWorkItem, startup } = requireHere('rtworkq');

const FAR_AWAY_MS = 10_000;

startup();

const put = (count, window) => inLanes(putWorkItem, count, window);
const trips = (count) => oneByOne(putWorkItem, count);

function cancel(count) {
  const perItem = startMeter();
  for (let done = 0; done < count; done++) scheduleWorkItem(FAR_AWAY_MS).cancel();
  return perItem(count);
}

async function bulk(count, times) {
  const perItem = startMeter();
  for (let done = 0; done < times; done++) await putWorkItems(count);
  return perItem(count * times);
}

/** An interval made of single work items, whose delays are whole milliseconds. */
function every(period, tick) {
  const start = performance.now();
  let stopped = false;
  const run = async () => {
    for (let time = 1; !stopped; time++) {
      await scheduleWorkItem(Math.max(0, Math.ceil(start + time * period - performance.now())));
      const reached = Math.max(time, Math.floor((performance.now() - start) / period));
      if (!stopped) tick(reached - time);
      time = reached;
    }
  };
  run();
  return () => {
    stopped = true;
  };
}

module.exports = {
  measures: { put, trips, cancel, bulk },
  every,
  wait: async (delay) => (await scheduleWorkItem(delay)).firedAt,
  start: (delay) => scheduleWorkItem(delay),
  cancel: (item) => item.cancel(),
};
