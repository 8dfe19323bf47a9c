// The bare ping-pong where each item is a promise that is awaited: the least that a promise-based interface takes.

const { performance } = require('node:perf_hooks');
const { startMeter } = require('../lib/meter.js');
const { files } = require('../lib/settings.js');
const naive = require(files.naive);

const KEPT = 10_000;

// The queue is serial: those that were put first fire first.
let waiting = [];
let settled = 0;

function settle(count) {
  for (const end = settled + count; settled < end; settled++) waiting[settled]();
  if (settled < KEPT) return;
  waiting = waiting.slice(settled);
  settled = 0;
}

function ping(pong) {
  waiting.push(pong);
  naive.ping();
}

async function put(count, window) {
  naive.startPingPong(settle);
  let left = count;
  const lane = async () => {
    while (left-- > 0) await new Promise(ping);
  };
  const perItem = startMeter();
  await Promise.all(Array.from({ length: window }, lane));
  const result = perItem(count);
  naive.stopPingPong();
  return result;
}

async function trips(count) {
  naive.startPingPong(settle);
  const trip = [];
  for (let done = 0; done < count; done++) {
    const start = performance.now();
    await new Promise(ping);
    trip.push(performance.now() - start);
  }
  naive.stopPingPong();
  return { trip };
}

module.exports = { measures: { put, trips } };
