// The addon in native/naive, with a thread of its own for each interval and each event, which calls a ThreadSafeFunction.

const { measureSignals } = require('../lib/signals.js');
const { files } = require('../lib/settings.js');
const naive = require(files.naive);

/** Returns a function that waits for the event: its promise resolves when it is set. */
function waiterOf(event) {
  let resolve;
  naive.callOnEvent(event, () => resolve());
  return () =>
    new Promise((settle) => {
      resolve = settle;
    });
}

module.exports = {
  skips: true,
  every(period, tick) {
    let stopped = false;
    const stop = naive.startTicking(period, () => {
      if (!stopped) tick();
    });
    return () => {
      stopped = true;
      stop();
    };
  },
  measures: { signals: (...numbers) => measureSignals(waiterOf, ...numbers) },
};
