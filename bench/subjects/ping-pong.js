// The least that a round trip from JavaScript takes: native/naive/ping_pong.cc. No promise, no object for an item.

const { performance } = require('node:perf_hooks');
const { files } = require('../lib/settings.js');
const naive = require(files.naive);

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

module.exports = { measures: { trips } };
