// The package's WaitableTimer: one Win32 timer handle per interval.

const { requireHere } = require('../lib/package.js');
const { WaitableTimer, waitFor } = requireHere('rtworkq');

module.exports = {
  every(period, tick) {
    const timer = WaitableTimer.create();
    timer.set(period, { period });
    let stopped = false;
    const run = async () => {
      for await (const { missed } of timer.signals()) {
        if (stopped) break;
        tick(missed);
      }
      timer.close();
    };
    run();
    return () => {
      stopped = true;
    };
  },
  async wait(delay) {
    const timer = WaitableTimer.create();
    timer.set(delay);
    await waitFor(timer);
    timer.close();
  },
};
