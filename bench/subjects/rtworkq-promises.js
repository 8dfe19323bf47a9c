// rtworkq/timers/promises.

const { requireHere } = require('../lib/package.js');
const { setInterval, setTimeout } = requireHere('rtworkq/timers/promises');

module.exports = {
  every(period, tick) {
    let stopped = false;
    const run = async () => {
      for await (const { missed } of setInterval(period, undefined, { missed: 'skip', details: true })) {
        if (stopped) return;
        tick(missed);
      }
    };
    run();
    return () => {
      stopped = true;
    };
  },
  wait: (delay) => setTimeout(delay),
};
