// Progress on standard error: a bar if that is a terminal, otherwise one line.

import cliProgress from 'cli-progress';

/** @param {{ quick: boolean }} options */
export function progressBar({ quick }) {
  const seconds = quick ? 5 : 20;
  if (!process.stderr.isTTY) {
    process.stderr.write(`Measuring for about ${seconds} s. Do not use the machine until it is done.\n`);
    return { start() {}, advance() {}, stop() {} };
  }
  const format = `Measuring for about ${seconds} s; do not use the machine until it is done |{bar}| {percentage} %`;
  const bar = new cliProgress.SingleBar({ format, clearOnComplete: true, stream: process.stderr }, cliProgress.Presets.shades_classic);
  bar.start(1, 0);
  return {
    start: (slices) => bar.setTotal(slices),
    advance: () => bar.increment(),
    stop: () => bar.stop(),
  };
}
