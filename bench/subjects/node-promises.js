// node:timers/promises.

const { setInterval, setTimeout } = require('node:timers/promises');

module.exports = {
  restarts: true,
  every(period, tick) {
    let stopped = false;
    const run = async () => {
      for await (const _ of setInterval(period)) {
        if (stopped) return;
        tick();
      }
    };
    run();
    return () => {
      stopped = true;
    };
  },
  wait: (delay) => setTimeout(delay),
};
