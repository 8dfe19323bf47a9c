// The figures of intervals; NaN if they were not measured.

import periods from '../lib/periods.js';

const { PERIODS } = periods;

/** @param {ReturnType<import('./results.mjs').ask>} results */
export function intervalsOf({ value, subjects }) {
  const ideal = (name, subject) => value(name, subject, 'ideal');
  const isMeasured = (name, subject) => subjects(name).includes(subject);
  /** Over all periods: the CPU clock is too coarse for the few ticks of the longest. In microseconds. */
  const perTickOfAll = (path) => (state, subject) => {
    const measured = PERIODS.map((period) => `interval ${period} ${state}`).filter((name) => isMeasured(name, subject));
    const sum = (each) => measured.reduce((total, name) => total + value(name, subject, each), 0);
    return (sum(path) / sum('calls')) * 1000;
  };
  const delivered = (name, subject) => value(name, subject, 'calls') / ideal(name, subject);
  return {
    /** Whether all contenders of a case ran for the same time. If not, their figures are not shown side by side. */
    comparable: (name) => new Set(subjects(name).map((subject) => ideal(name, subject))).size === 1,
    /** The share of ticks that were delivered. */
    delivered,
    callsPerSecond: (name, subject, period) => (delivered(name, subject) * 1000) / period,
    /** The share of ticks that were delivered or reported as missed. */
    accounted: (name, subject) => (value(name, subject, 'calls') + value(name, subject, 'missed')) / ideal(name, subject),
    /** How late the last tick was, counted from the start, in milliseconds. */
    drift: (name, subject) => value(name, subject, 'driftMs'),
    late: (name, subject, percentile) => value(name, subject, `lateMs.${percentile}`),
    /** In microseconds. */
    cpuPerTick: (name, subject) => (value(name, subject, 'cpuMs') / value(name, subject, 'calls')) * 1000,
    cpuPerTickOfAll: perTickOfAll('cpuMs'),
    /** By Wine's server, in microseconds; NaN on Windows. */
    serverPerTick: (name, subject) => (value(name, subject, 'serverMs') / value(name, subject, 'calls')) * 1000,
    serverPerTickOfAll: perTickOfAll('serverMs'),
  };
}
