// rtworkq/timers.

const { requireHere } = require('../lib/package.js');
const { clearInterval, clearTimeout, setInterval, setTimeout } = requireHere('rtworkq/timers');

const nothing = () => {};

module.exports = {
  skips: true,
  every(period, tick) {
    const timer = setInterval(tick, period);
    return () => clearInterval(timer);
  },
  wait: (delay) => new Promise((resolve) => setTimeout(resolve, delay)),
  start: (delay) => setTimeout(nothing, delay),
  cancel: clearTimeout,
};
