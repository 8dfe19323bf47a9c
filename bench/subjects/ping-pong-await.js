// The minimal addon with one awaited promise per item: the lowest cost that a promise-based interface can have.

const { inLanes, oneByOne } = require('../lib/awaited.js');
const { files } = require('../lib/settings.js');
const naive = require(files.naive);

const KEPT = 10_000;

// The queue is serial: items fire in the order in which they were put.
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

const putOne = () => new Promise(ping);

async function started(measure) {
  naive.startPingPong(settle);
  const result = await measure();
  naive.stopPingPong();
  return result;
}

const put = (count, window) => started(() => inLanes(putOne, count, window));
const trips = (count) => started(() => oneByOne(putOne, count));

module.exports = { measures: { put, trips } };
