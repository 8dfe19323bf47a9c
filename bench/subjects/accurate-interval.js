// Node's setTimeout, set to absolute times.

const accurateInterval = require('accurate-interval');

module.exports = {
  every(period, tick) {
    const timer = accurateInterval(() => tick(), period);
    return () => timer.clear();
  },
};
