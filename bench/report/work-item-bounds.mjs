// The bounds of work items, relative to plain C++ and to minimal addons in the same run.

import counts from '../lib/counts.js';
import { atLeast, atMost, bound } from './bound.mjs';
import { number, times } from './format.mjs';

const { COUNTS } = counts;

const each = (values, unit) => `${values.map(number).join(', ')} ${unit}`;

function ofThroughput({ ratio, value }) {
  const row = (about, limit, name, minimal) => {
    const cost = (subject) => `${number(value(name, subject, 'ns'))} ns`;
    const minimalRatio = times(ratio(name, 'ns', 'cpp', minimal));
    return bound(about, atLeast(limit), ratio(name, 'ns', 'cpp', 'rtworkq'), {
      format: times,
      beside: `${cost('rtworkq')} each; C++: ${cost('cpp')}; minimal addon: ${minimalRatio}, ${cost(minimal)}`,
    });
  };
  return [
    row('throughput of put + await relative to C++, 1,000 in flight', 0.55, 'put 1000', 'ping-pong-await'),
    row('throughput of schedule + cancel relative to C++', 0.6, 'cancel', 'ping-pong'),
  ];
}

function ofBulk({ ratio, value }) {
  const ratios = COUNTS.map((count) => ratio(`bulk ${count}`, 'ns', 'cpp', 'rtworkq'));
  const timed = COUNTS.map((count) => ratio(`bulk ${count}`, 'ns', 'cpp-timed', 'rtworkq'));
  const costs = COUNTS.map((count) => value(`bulk ${count}`, 'rtworkq', 'ns'));
  const cpp = COUNTS.map((count) => value(`bulk ${count}`, 'cpp', 'ns'));
  const growth = (list) => Math.max(...list) / list[0];
  return [
    bound('throughput of putWorkItems relative to C++, worst case from 1,000 to 1,000,000 items', atLeast(0.85), Math.min(...ratios), {
      format: times,
      beside: `${ratios.map(times).join(', ')}; relative to C++ whose callbacks read the clock: ${timed.map(times).join(', ')}`,
    }),
    bound('cost per item of putWorkItems: worst case from 1,000 to 1,000,000 items, relative to 1,000', atMost(1.3), growth(costs), {
      format: times,
      beside: `${each(costs, 'ns')}; C++: ${times(growth(cpp))}`,
    }),
  ];
}

function ofTrips({ ratio, value }) {
  const row = (percentile, limit) => {
    const path = `trip.${percentile}`;
    const trip = (subject) => `${number(value('trips', subject, path) * 1000)} µs`;
    return bound(`round trip, ${percentile}, relative to the minimal addon`, atMost(limit), ratio('trips', path, 'rtworkq', 'ping-pong'), {
      format: times,
      beside: `${trip('rtworkq')}; minimal addon: ${trip('ping-pong')}; C++: ${trip('cpp')}. Depends on where the scheduler placed the threads`,
    });
  };
  return [row('p50', 1.2), row('p99', 1.5)];
}

function ofLoading({ value }, addonBytes) {
  const over = (path) => value('import', 'import-rtworkq', path) - value('import', 'import-empty', path);
  return [
    bound('import + first call, longer than an empty addon', atMost(10), over('returnedMs'), {
      unit: ' ms',
      beside: `until the first work item settles: ${number(over('settledMs'))} ms`,
    }),
    bound('size of the .node file', atMost(500), addonBytes / 1000, { unit: ' KB' }),
  ];
}

/**
 * @param {ReturnType<import('./results.mjs').ask>} results
 * @param {number} addonBytes
 */
export const workItemBounds = (results, addonBytes) => [
  ...ofThroughput(results),
  ...ofBulk(results),
  ...ofTrips(results),
  ...ofLoading(results, addonBytes),
];
