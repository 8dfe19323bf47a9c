// Node's setTimeout, set again after each call; periods below 10 ms become 10 ms.

const { clearIntervalAsync, setIntervalAsync } = require('set-interval-async');

module.exports = {
  restarts: true,
  every(period, tick) {
    const timer = setIntervalAsync(async () => tick(), period);
    return () => clearIntervalAsync(timer);
  },
};
