// What the work items have to hold to, of plain C++ and other floors in the same run.

import counts from '../lib/counts.js';
import { atLeast, atMost, bound } from './bound.mjs';
import { number, times } from './format.mjs';

const { COUNTS } = counts;

const each = (values, unit) => `${values.map(number).join(', ')} ${unit}`;

function ofThroughput({ ratio, value }) {
  const row = (about, limit, name, bare, what) => {
    const costs = (...subjects) =>
      each(
        subjects.map((subject) => value(name, subject, 'ns')),
        'ns',
      );
    const floor = times(ratio(name, 'ns', 'cpp', bare));
    return bound(about, atLeast(limit), ratio(name, 'ns', 'cpp', 'rtworkq'), {
      format: times,
      beside: `${costs('rtworkq', 'cpp')} each; ${what}: ${floor}, ${costs(bare)}`,
    });
  };
  return [
    row('put + await of C++, 1,000 in flight', 0.55, 'put 1000', 'ping-pong-await', 'bare with a promise each'),
    row('schedule + cancel of C++', 0.6, 'cancel', 'ping-pong', 'two bare calls of an addon'),
  ];
}

function ofBulk({ ratio, value }) {
  const ratios = COUNTS.map((count) => ratio(`bulk ${count}`, 'ns', 'cpp', 'rtworkq'));
  const timed = COUNTS.map((count) => ratio(`bulk ${count}`, 'ns', 'cpp-timed', 'rtworkq'));
  const costs = COUNTS.map((count) => value(`bulk ${count}`, 'rtworkq', 'ns'));
  const cpp = COUNTS.map((count) => value(`bulk ${count}`, 'cpp', 'ns'));
  const growth = (list) => Math.max(...list) / list[0];
  return [
    bound('putWorkItems of C++, the worst from 1,000 to 1,000,000', atLeast(0.85), Math.min(...ratios), {
      format: times,
      beside: `${ratios.map(times).join(', ')}; of C++ whose callbacks read the clock: ${timed.map(times).join(', ')}`,
    }),
    bound('putWorkItems, the dearest item from 1,000 to 1,000,000, of that at 1,000', atMost(1.3), growth(costs), {
      format: times,
      beside: `${each(costs, 'ns')}; C++: ${times(growth(cpp))}`,
    }),
  ];
}

function ofTrips({ ratio, value }) {
  const row = (percentile, limit) => {
    const path = `trip.${percentile}`;
    const trips = ['rtworkq', 'ping-pong', 'cpp'].map((subject) => value('trips', subject, path) * 1000);
    const floor = times(ratio('trips', path, 'ping-pong-await', 'ping-pong'));
    return bound(
      `round trip, ${percentile}, of bare put + ThreadSafeFunction`,
      atMost(limit),
      ratio('trips', path, 'rtworkq', 'ping-pong'),
      {
        format: times,
        beside: `${each(trips.slice(0, 2), 'µs')}; bare with a promise each: ${floor}; C++: ${each(trips.slice(2), 'µs')}`,
      },
    );
  };
  return [row('p50', 1.2), row('p99', 1.5)];
}

function ofLoading({ value }, addonBytes) {
  const over = (path) => value('import', 'import-rtworkq', path) - value('import', 'import-empty', path);
  return [
    bound('import + first call, over an addon that does nothing', atMost(10), over('returnedMs'), {
      unit: ' ms',
      beside: `until the first work item has settled: ${number(over('settledMs'))} ms`,
    }),
    bound('size of the .node file', atMost(450), addonBytes / 1000, { unit: ' KB' }),
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
