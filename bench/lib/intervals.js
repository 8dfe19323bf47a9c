// Measures how well a timer keeps an interval. native/baseline/threads.cc does the same in C++.

const { performance } = require('node:perf_hooks');
const { processMicroseconds } = require('./meter.js');

// We stop waiting for the last ticks this long after the end.
const GRACE_MS = 100;
// Points of the chart that shows how far an interval falls behind.
const POINTS = 50;

/** One interval and what it measured. */
class Interval {
  calls = 0;
  missed = 0;
  /** The tick of the last call, counted from 1: the n-th is due n periods after the start. */
  time = 0;
  drift = 0;
  late = [];
  behind = { atMs: [0], behindMs: [0] };

  constructor({ skips = false, restarts = false }, period, seconds) {
    this.period = period;
    this.skips = skips;
    this.restarts = restarts;
    this.ideal = Math.floor((seconds * 1000) / period);
  }

  /** Ends half a period after the last tick is due, so that a slightly late last tick counts. */
  run(every) {
    return new Promise((resolve) => {
      this.start = performance.now();
      this.last = this.start;
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

  /** Returns false once the interval is over. */
  tick(missed) {
    const now = performance.now();
    this.missed += Math.min(missed, Math.max(this.ideal - this.calls - this.missed, 0));
    if (now > this.end) return false;
    this.calls++;
    this.time += 1 + missed;
    if (this.skips) this.time = Math.max(this.time, Math.floor((now - this.start) / this.period));
    this.drift = now - this.start - this.time * this.period;
    this.late.push(this.restarts ? now - this.last - this.period : this.drift);
    this.last = now;
    this.note(now - this.start);
    return true;
  }

  /** Keeps a point of the chart for every fiftieth of the run. */
  note(at) {
    const { atMs, behindMs } = this.behind;
    if (at < (atMs.length * this.ideal * this.period) / POINTS) return;
    atMs.push(at);
    behindMs.push(this.drift);
  }
}

/**
 * Runs `count` intervals at once.
 * @param {object} subject
 * @param {(period: number, tick: (missed?: number) => void) => () => void} subject.every starts an interval and returns a function
 *   that stops it; a timer that counts its missed ticks passes them to `tick`
 * @param {boolean} [subject.skips] whether the timer drops missed ticks without reporting them, and stays on schedule
 * @param {boolean} [subject.restarts] whether each tick is due a period after the last call, not at a multiple of the period
 */
async function measureIntervals(subject, count, period, seconds) {
  const cpu = processMicroseconds();
  const intervals = Array.from({ length: count }, () => new Interval(subject, period, seconds));
  await Promise.all(intervals.map((each) => each.run(subject.every)));
  const sum = (name) => intervals.reduce((total, each) => total + each[name], 0);
  return {
    ideal: sum('ideal'),
    calls: sum('calls'),
    missed: sum('missed'),
    driftMs: Math.max(...intervals.map(({ drift }) => drift)),
    cpuMs: (processMicroseconds() - cpu) / 1000,
    lateMs: intervals.flatMap(({ late }) => late),
    ...(count === 1 && { behind: intervals[0].behind }),
  };
}

module.exports = { measureIntervals };
