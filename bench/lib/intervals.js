// How an interval is kept: what native/baseline/threads.cc measures of its own.

const { performance } = require('node:perf_hooks');
const { processMicroseconds } = require('./meter.js');

// An interval that is this late at the end is not waited for.
const GRACE_MS = 100;

/** One interval and what came of it. */
class Interval {
  calls = 0;
  missed = 0;
  drift = 0;
  late = [];

  constructor(period, seconds) {
    this.period = period;
    this.ideal = Math.floor((seconds * 1000) / period);
  }

  /** Until half a period behind the last time. */
  run(every) {
    return new Promise((resolve) => {
      this.start = performance.now();
      this.end = this.start + (this.ideal + 0.5) * this.period;
      const finish = () => {
        clearTimeout(fallback);
        stop();
        resolve();
      };
      const fallback = setTimeout(finish, this.end - this.start + GRACE_MS);
      const stop = every(this.period, (missed = 0) => {
        if (!this.tick(missed)) finish();
      });
    });
  }

  /** False once it is over. */
  tick(missed) {
    const now = performance.now();
    this.missed += Math.min(missed, Math.max(this.ideal - this.calls - this.missed, 0));
    if (now > this.end) return false;
    this.calls++;
    this.drift = now - this.start - (this.calls + this.missed) * this.period;
    this.late.push(this.drift);
    return true;
  }
}

/**
 * So many intervals at once.
 * @param {(period: number, tick: (missed?: number) => void) => () => void} every starts an interval and returns what stops it; a timer
 *   that knows how many of its times have gone by unseen says so
 */
async function measureIntervals(every, count, period, seconds) {
  const cpu = processMicroseconds();
  const intervals = Array.from({ length: count }, () => new Interval(period, seconds));
  await Promise.all(intervals.map((each) => each.run(every)));
  const sum = (name) => intervals.reduce((total, each) => total + each[name], 0);
  return {
    ideal: sum('ideal'),
    calls: sum('calls'),
    missed: sum('missed'),
    driftMs: Math.max(...intervals.map(({ drift }) => drift)),
    cpuMs: (processMicroseconds() - cpu) / 1000,
    late: intervals.flatMap(({ late }) => late),
  };
}

module.exports = { measureIntervals };
