// Combines the rounds: the median and range of each figure, by case and subject.

import statistics from '../lib/statistics.js';

const { median, merge, spread } = statistics;

/** Numbers and distributions are combined; anything else comes from a case that is measured once. */
function combine(rounds) {
  const [first] = rounds;
  if (typeof first === 'number') return spread(rounds);
  return 'count' in first ? merge(rounds) : first;
}

/**
 * @param {{ case: string, subject: string, round: number, values: Record<string, unknown> }[]} records
 * @returns {Record<string, Record<string, Record<string, any>>>} by case, subject and name
 */
export function summarize(records) {
  const groups = new Map();
  for (const record of records) {
    const key = `${record.case}\0${record.subject}`;
    groups.set(key, [...(groups.get(key) ?? []), record]);
  }
  const results = {};
  for (const group of groups.values()) {
    const [{ case: name, subject, values }] = group;
    const overRounds = (figure) => combine(group.map((record) => record.values[figure]));
    results[name] ??= {};
    results[name][subject] = Object.fromEntries(Object.keys(values).map((figure) => [figure, overRounds(figure)]));
  }
  return results;
}

/** Looks figures up. A figure that was not measured is undefined, and so are ratios with it. */
export function ask(results) {
  /** `path` is a name, or `trip.p50` for a part of a distribution. */
  const find = (name, subject, path) => path.split('.').reduce((value, part) => value?.[part], results[name]?.[subject]);
  const value = (name, subject, path) => find(name, subject, path)?.median ?? find(name, subject, path);
  return {
    find,
    value,
    subjects: (name) => Object.keys(results[name] ?? {}),
    /** The median of the rounds' ratios of one subject to another in the same case. */
    ratio(name, path, subject, other) {
      const [above, below] = [find(name, subject, path)?.rounds, find(name, other, path)?.rounds];
      return above && below && median(above.map((each, round) => each / below[round]));
    },
  };
}
