// Percentiles, medians, histograms.

const ascending = (values) => Float64Array.from(values).sort();

/** Of values in ascending order, the nearest rank. */
const percentile = (sorted, percent) => sorted[Math.max(Math.ceil((sorted.length * percent) / 100), 1) - 1];

function median(values) {
  const sorted = ascending(values);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2;
}

/** The median over the rounds, and how far they are apart. */
const spread = (rounds) => ({ median: median(rounds), min: Math.min(...rounds), max: Math.max(...rounds), rounds });

// From a microsecond to a second, each bin wider than the one before by the same factor. The first counts what is below, the
// last what is above.
const BINS_PER_DECADE = 12;
const FIRST_MS = 0.001;
const DECADES = 6;
const BINS = BINS_PER_DECADE * DECADES + 2;

/** The lower end of each bin in milliseconds, but for the first. */
const lowerEnds = Array.from({ length: BINS - 1 }, (_, index) => FIRST_MS * 10 ** (index / BINS_PER_DECADE));

function binOf(milliseconds) {
  if (milliseconds < FIRST_MS) return 0;
  return Math.min(1 + Math.floor(Math.log10(milliseconds / FIRST_MS) * BINS_PER_DECADE), BINS - 1);
}

/** Many values in milliseconds, in short. */
function distribution(values) {
  const sorted = ascending(values);
  const histogram = new Array(BINS).fill(0);
  for (const value of sorted) histogram[binOf(value)]++;
  return { count: sorted.length, min: sorted[0], p50: percentile(sorted, 50), p99: percentile(sorted, 99), max: sorted.at(-1), histogram };
}

/** One of several rounds. */
function merge(distributions) {
  const pick = (name) => distributions.map((each) => each[name]);
  return {
    count: pick('count').reduce((sum, each) => sum + each, 0),
    min: Math.min(...pick('min')),
    p50: spread(pick('p50')),
    p99: spread(pick('p99')),
    max: Math.max(...pick('max')),
    histogram: pick('histogram').reduce((sum, each) => sum.map((count, bin) => count + each[bin])),
  };
}

module.exports = { ascending, percentile, median, spread, lowerEnds, distribution, merge };
