// The settings from scripts/run-benchmark.mjs: the paths of the native parts, and what to measure.

/** @type {{ files: Record<'baseline' | 'naive' | 'empty' | 'addon', string>, rounds: number, quick: boolean, only: string }} */
module.exports = JSON.parse(process.env.RTWORKQ_BENCH);
