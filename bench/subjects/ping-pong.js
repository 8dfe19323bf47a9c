// The lowest cost of a work item from JavaScript (native/naive/ping_pong.cc): no promise, no object per item.

const { performance } = require('node:perf_hooks');
const { startMeter } = require('../lib/meter.js');
const { files } = require('../lib/settings.js');
const naive = require(files.naive);

const FAR_AWAY_MS = 10_000;

function trips(count) {
  return new Promise((resolve) => {
    const trip = [];
    let start = 0;
    const ping = () => {
      start = performance.now();
      naive.ping();
    };
    naive.startPingPong(() => {
      trip.push(performance.now() - start);
      if (trip.length < count) return ping();
      naive.stopPingPong();
      resolve({ trip });
    });
    ping();
  });
}

function cancel(count) {
  naive.startPingPong(() => {});
  const perItem = startMeter();
  for (let done = 0; done < count; done++) {
    naive.schedule(FAR_AWAY_MS);
    naive.cancel();
  }
  const result = perItem(count);
  naive.stopPingPong();
  return result;
}

module.exports = { measures: { trips, cancel } };
