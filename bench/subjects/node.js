// node:timers.

const nothing = () => {};

module.exports = {
  restarts: true,
  every(period, tick) {
    const timer = setInterval(() => tick(), period);
    return () => clearInterval(timer);
  },
  wait: (delay) => new Promise((resolve) => setTimeout(resolve, delay)),
  start: (delay) => setTimeout(nothing, delay),
  cancel: (timer) => clearTimeout(timer),
};
