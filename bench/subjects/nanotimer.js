// Reads the clock in every turn of the event loop (setImmediate).

const NanoTimer = require('nanotimer');

module.exports = {
  every(period, tick) {
    const timer = new NanoTimer();
    timer.setInterval(() => tick(), '', `${Math.round(period * 1000)}u`);
    return () => timer.clearInterval();
  },
  wait: (delay) => new Promise((resolve) => new NanoTimer().setTimeout(() => resolve(), '', `${Math.round(delay * 1000)}u`)),
};
