// The bare ping-pong where each trip is a promise that is awaited: the least that a promise-based interface takes.

const { performance } = require('node:perf_hooks');
const { files } = require('../lib/settings.js');
const naive = require(files.naive);

async function trips(count) {
  let resolve;
  naive.startPingPong(() => resolve());
  const trip = [];
  for (let done = 0; done < count; done++) {
    const start = performance.now();
    await new Promise((pong) => {
      resolve = pong;
      naive.ping();
    });
    trip.push(performance.now() - start);
  }
  naive.stopPingPong();
  return { trip };
}

module.exports = { measures: { trips } };
