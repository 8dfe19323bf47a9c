// Percentiles and medians.

const ascending = (values) => Float64Array.from(values).sort();

/** The nearest rank of values in ascending order. */
const percentile = (sorted, percent) => sorted[Math.max(Math.ceil((sorted.length * percent) / 100), 1) - 1];

function median(values) {
  const sorted = ascending(values);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2;
}

/** The rounds' median and range. */
const spread = (rounds) => ({ median: median(rounds), min: Math.min(...rounds), max: Math.max(...rounds), rounds });

/** Summarizes many values. */
function distribution(values) {
  const sorted = ascending(values);
  return {
    count: sorted.length,
    min: sorted[0],
    p50: percentile(sorted, 50),
    p99: percentile(sorted, 99),
    p999: percentile(sorted, 99.9),
    max: sorted.at(-1),
  };
}

/** Merges the distributions of several rounds. */
function merge(distributions) {
  const pick = (name) => distributions.map((each) => each[name]);
  return {
    count: pick('count').reduce((sum, each) => sum + each, 0),
    min: Math.min(...pick('min')),
    p50: spread(pick('p50')),
    p99: spread(pick('p99')),
    p999: spread(pick('p999')),
    max: Math.max(...pick('max')),
  };
}

module.exports = { ascending, percentile, median, spread, distribution, merge };
