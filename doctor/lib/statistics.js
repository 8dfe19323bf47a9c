// Statistics over all values. No value is dropped, and early ones count as negative.

/** The percentile of sorted values, by nearest rank: always one of the values. */
const percentile = (sorted, percent) => sorted[Math.max(Math.ceil((sorted.length * percent) / 100), 1) - 1];

/** Milliseconds. @param {number[]} values */
export function summarize(values) {
  if (values.length === 0) return undefined;
  const sorted = [...values].sort((one, other) => one - other);
  return {
    count: sorted.length,
    mean: sorted.reduce((sum, value) => sum + value) / sorted.length,
    p50: percentile(sorted, 50),
    p90: percentile(sorted, 90),
    p99: percentile(sorted, 99),
    max: sorted.at(-1),
  };
}

// From 0.01 to 100 ms. The first bin counts what is below that or early, the last bin what is above.
const FIRST_MS = 0.01;
const DECADES = 4;
const BINS_PER_DECADE = 6;

/** The edges between the bins of {@link histogram}, in milliseconds. */
export const EDGES = Array.from({ length: DECADES * BINS_PER_DECADE + 1 }, (_, index) => FIRST_MS * 10 ** (index / BINS_PER_DECADE));

/** The number of values in each bin. There is one bin more than there are edges. @param {number[]} values */
export function histogram(values) {
  const bins = new Array(EDGES.length + 1).fill(0);
  for (const value of values) {
    const place = EDGES.findIndex((edge) => value < edge);
    bins[place < 0 ? EDGES.length : place]++;
  }
  return bins;
}
