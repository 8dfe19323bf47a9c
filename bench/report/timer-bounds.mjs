// The bounds of timers, each with the figures of the C++ timers in the same run.

import counts from '../lib/counts.js';
import periods from '../lib/periods.js';
import { atLeast, atMost, below, bound } from './bound.mjs';
import { number, percent, times } from './format.mjs';
import { intervalsOf } from './intervals.mjs';

const { COUNTS } = counts;
const { PERIODS } = periods;
const STATES = ['idle', 'busy'];
const CPP = ['cpp-timer', 'cpp-delay'];
const MOST = COUNTS.at(-1);
// Below this, waking the JavaScript thread takes about as long as the period, so no delivery is promised.
const DELIVERED_FROM_MS = 5;

const milliseconds = (value) => `${number(value)} ms`;

function ofIntervals(results) {
  const { delivered, accounted, drift } = intervalsOf(results);
  /** The worse of the two states; `pick` is Math.min or Math.max. */
  const worse = (pick, figure, period, subject) => pick(...STATES.map((state) => figure(`interval ${period} ${state}`, subject)));
  const row = (about, limit, pick, figure, period, format) =>
    bound(`${about}, ${period} ms`, limit, worse(pick, figure, period, 'rtworkq-promises'), {
      format,
      beside: `C++: ${CPP.map((subject) => format(worse(pick, figure, period, subject))).join(', ')}`,
    });
  return [
    ...PERIODS.map((period) => row('ticks delivered or reported as missed', atLeast(0.999), Math.min, accounted, period, percent)),
    ...PERIODS.map((period) => row('lateness of the last tick', below(period), Math.max, drift, period, milliseconds)),
    ...PERIODS.filter((period) => period >= DELIVERED_FROM_MS).map((period) =>
      row('ticks delivered', atLeast(0.99), Math.min, delivered, period, percent),
    ),
  ];
}

function ofHundred(results) {
  const delivered = (subject) => intervalsOf(results).delivered('100 intervals', subject);
  const value = Math.min(delivered('rtworkq-timers'), delivered('rtworkq-promises'));
  const beside = `C++, a thread each: ${CPP.map((subject) => percent(delivered(subject))).join(', ')}`;
  return bound('ticks delivered, 100 intervals of 10 ms', atLeast(0.98), value, { format: percent, beside });
}

function ofCpu(results) {
  const { cpuPerTickOfAll, serverPerTickOfAll } = intervalsOf(results);
  const ratioOf = (subject, other) => Math.max(...STATES.map((state) => cpuPerTickOfAll(state, subject) / cpuPerTickOfAll(state, other)));
  const row = (name, other, limit) => {
    const both = (figure) => ['rtworkq-timers', other].map((subject) => number(figure('idle', subject))).join(' and ');
    const server = Number.isFinite(serverPerTickOfAll('idle', other)) ? `; Wine's server: ${both(serverPerTickOfAll)} µs` : '';
    return bound(`CPU time per tick, relative to ${name}`, atMost(limit), ratioOf('rtworkq-timers', other), {
      format: times,
      beside: `idle: ${both(cpuPerTickOfAll)} µs${server}`,
    });
  };
  return [row('nanotimer', 'nanotimer', 0.25), row('an addon with a thread and a ThreadSafeFunction', 'own-thread', 1.8)];
}

/** A program with one ten-minute timer. */
function ofIdle({ value }) {
  const [ours, nodes] = ['rtworkq-timers', 'node'].map((subject) => value('idle', subject, 'wakeUps'));
  return bound("wake-ups a minute for an idle timer, more than with Node's", atMost(1), ours - nodes, {
    beside: `${number(ours)}; node:timers: ${number(nodes)}`,
  });
}

function ofMany({ value }) {
  const row = (about, limit, path, scale, unit) => {
    const [ours, nodes] = ['rtworkq-timers', 'node'].map((subject) => value(`pending ${MOST}`, subject, path) / scale);
    return bound(about, limit, ours, { unit, beside: `node:timers: ${number(nodes)}${unit}` });
  };
  const flat = (about, path) => {
    const [costs, nodes] = ['rtworkq-timers', 'node'].map((subject) => COUNTS.map((count) => value(`pending ${count}`, subject, path)));
    const growth = (list) => Math.max(...list) / list[0];
    const beside = `${costs.map(number).join(', ')} ns; node:timers: ${times(growth(nodes))}`;
    return bound(about, atMost(1.3), growth(costs), { format: times, beside });
  };
  return [
    row('starting one of 1,000,000 timers', atMost(1), 'startNs', 1000, ' µs'),
    row('cancelling one of 1,000,000 timers', atMost(1), 'cancelNs', 1000, ' µs'),
    flat('cost of starting a timer: worst case from 1,000 to 1,000,000 pending, relative to 1,000', 'startNs'),
    flat('cost of cancelling a timer: the same', 'cancelNs'),
    row('JavaScript memory of a pending timer', undefined, 'heapBytes', 1, ' bytes'),
    row('process memory of a pending timer', undefined, 'rssBytes', 1, ' bytes'),
  ];
}

/** @param {ReturnType<import('./results.mjs').ask>} results */
export const timerBounds = (results) => [
  ...ofIntervals(results),
  ofHundred(results),
  ...ofCpu(results),
  ofIdle(results),
  ...ofMany(results),
];
