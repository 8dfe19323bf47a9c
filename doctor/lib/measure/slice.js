// Measures one kind of timer for one slice of time. Runs in contender.js.

import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { requireRtworkq } from '../package.js';

// Gives Windows time to change its tick.
const SETTLE_MS = 30;

/** Runs `action` while this process requests a 1 ms tick. */
async function withRaisedResolution(action) {
  const lease = requireRtworkq().requestTimerResolution(1);
  try {
    await sleep(SETTLE_MS);
    return await action();
  } finally {
    lease.release();
  }
}

/**
 * @param {import('./contenders.js').Contender} contender
 * @param {{ period: number, milliseconds: number, raised: boolean }} request
 */
export async function measureSlice(contender, { period, milliseconds, raised }) {
  const late = [];
  const delay = [];
  let missed = 0;
  let first;
  let last;
  const tick = (call) => {
    last = performance.now();
    // The time before the first call only depends on when the slice started.
    first ??= last - (call.missed ?? 0) * period;
    late.push(call.late);
    if (call.delay !== undefined) delay.push(call.delay);
    missed += call.missed ?? 0;
  };
  const measure = async () => {
    const cpu = process.cpuUsage();
    await contender.run({ period, until: performance.now() + milliseconds, tick });
    const { user, system } = process.cpuUsage(cpu);
    const answer = { late, delay, missed, cpu: user + system };
    if (contender.counted === false || late.length < 2) return answer;
    const took = last - first;
    return { ...answer, took, drift: took - (late.length - 1 + missed) * period };
  };
  return raised ? withRaisedResolution(measure) : measure();
}
