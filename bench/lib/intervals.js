// How an interval is kept: what native/baseline/threads.cc measures of its own.

const { performance } = require('node:perf_hooks');
const { processMicroseconds } = require('./meter.js');

// An interval that is this late at the end is not waited for.
const GRACE_MS = 100;

/** One interval and what came of it. */
class Interval {
  calls = 0;
  missed = 0;
  /** Which of its times the last call was for, counted from 1. */
  time = 0;
  drift = 0;
  late = [];

  constructor(period, seconds, skips) {
    this.period = period;
    this.skips = skips;
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
    this.time += 1 + missed;
    if (this.skips) this.time = Math.max(this.time, Math.floor((now - this.start) / this.period));
    this.drift = now - this.start - this.time * this.period;
    this.late.push(this.drift);
    return true;
  }
}

/**
 * So many intervals at once.
 * @param {object} subject
 * @param {(period: number, tick: (missed?: number) => void) => () => void} subject.every starts an interval and returns what stops it;
 *   a timer that knows how many of its times have gone by unseen says so
 * @param {boolean} [subject.skips] whether it leaves out times that have gone by without a word, and keeps to the others
 */
async function measureIntervals({ every, skips = false }, count, period, seconds) {
  const cpu = processMicroseconds();
  const intervals = Array.from({ length: count }, () => new Interval(period, seconds, skips));
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
