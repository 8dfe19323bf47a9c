// How much of the machine's processor time is used, by any program.

import os from 'node:os';

function times() {
  const all = os.cpus().map((each) => each.times);
  const sum = (of) => all.reduce((total, each) => total + of(each), 0);
  return { idle: sum(({ idle }) => idle), total: sum((each) => Object.values(each).reduce((one, other) => one + other)) };
}

/** Starts counting. The returned function gives the share that was used since, or undefined if the system does not count. */
export function startCounting() {
  const before = times();
  return () => {
    const after = times();
    const total = after.total - before.total;
    return total > 0 ? Math.min(1, Math.max(0, 1 - (after.idle - before.idle) / total)) : undefined;
  };
}
