// What is to be known of the intervals of a subject; NaN where it was not measured.

import periods from '../lib/periods.js';

const { PERIODS } = periods;

/** @param {ReturnType<import('./results.mjs').ask>} results */
export function intervalsOf({ value }) {
  const ideal = (name, subject) => value(name, subject, 'ideal');
  return {
    /** How many of the ticks came. */
    delivered: (name, subject) => value(name, subject, 'calls') / ideal(name, subject),
    /** How many came or were told of. */
    accounted: (name, subject) => (value(name, subject, 'calls') + value(name, subject, 'missed')) / ideal(name, subject),
    drift: (name, subject) => value(name, subject, 'driftMs'),
    late: (name, subject, percentile) => value(name, subject, `late.${percentile}`),
    /** In microseconds. */
    cpuPerTick: (name, subject) => (value(name, subject, 'cpuMs') / value(name, subject, 'calls')) * 1000,
    /** Of all periods together: the clock of CPU time is too coarse for the few ticks of the longest. */
    cpuPerTickOfAll(state, subject) {
      const sum = (path) => PERIODS.reduce((total, period) => total + value(`interval ${period} ${state}`, subject, path), 0);
      return (sum('cpuMs') / sum('calls')) * 1000;
    },
  };
}
