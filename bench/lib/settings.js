// What scripts/run-benchmark.mjs tells the programs of the benchmark: the native parts' files, and what to measure.

/** @type {{ files: Record<'baseline' | 'naive' | 'empty' | 'addon', string>, rounds: number, quick: boolean, only: string }} */
module.exports = JSON.parse(process.env.RTWORKQ_BENCH);
