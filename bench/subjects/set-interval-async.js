// It knows no period below 10 ms.

const { clearIntervalAsync, setIntervalAsync } = require('set-interval-async');

module.exports = {
  every(period, tick) {
    const timer = setIntervalAsync(async () => tick(), period);
    return () => clearIntervalAsync(timer);
  },
};
