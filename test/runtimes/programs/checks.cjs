// A list of checks, which any runtime can run: prints a line for each failure, and the totals at the end.

'use strict';

const counts = { passed: 0, failed: 0, skipped: 0 };
const checks = [];

/** Adds a check. It fails if it throws, or if it does not end. */
exports.check = (name, run) => void checks.push({ name, run });

/** The same if a condition is true; otherwise the check counts as skipped. */
exports.checkIf = (condition, name, run) => {
  if (condition) exports.check(name, run);
  else counts.skipped++;
};

// In milliseconds. The runtime's own timer, because a check may hang in ours.
const LIMIT = 20_000;
const { setTimeout, clearTimeout } = globalThis;

async function withLimit(run) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`It did not end within ${LIMIT} ms.`)), LIMIT);
  });
  try {
    await Promise.race([run(), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Runs the checks, one after the other. The process ends by itself: what does not let it end is found by the caller's limit. */
exports.run = async () => {
  for (const { name, run } of checks) {
    try {
      await withLimit(run);
      counts.passed++;
    } catch (error) {
      counts.failed++;
      console.log(`✗ ${name}\n${error?.stack ?? error}`);
    }
  }
  console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  if (counts.failed > 0) process.exitCode = 1;
};
