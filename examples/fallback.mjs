// One function for every system: RTWorkQ if it is available, otherwise Node's timer, with the same options and the same result.
// Calling Node's setTimeout(milliseconds, options) directly would treat the options as the value to resolve to.
//
// If you only need a timer, use rtworkq/timers or rtworkq/timers/promises instead: they work on every system.
//
//   node fallback.mjs

import { setTimeout } from 'node:timers/promises';
import { isSupported, scheduleWorkItem } from 'rtworkq';

/**
 * Resolves after `milliseconds`. If the signal aborts, it rejects with an AbortError whose cause is the signal's reason.
 * @param {number} milliseconds
 * @param {{ signal?: AbortSignal | undefined, ref?: boolean | undefined }} [options]
 * @returns {Promise<import('rtworkq').WorkItemResult>}
 */
export async function schedule(milliseconds, { signal, ref = true } = {}) {
  if (isSupported()) return scheduleWorkItem(milliseconds, { signal, ref });
  await setTimeout(Math.ceil(milliseconds), undefined, { signal, ref });
  return { status: 0, firedAt: performance.now() };
}

const start = performance.now();
const { status, firedAt } = await schedule(20);
console.log(`${isSupported() ? 'RTWorkQ' : 'Node'}: status ${status}, after ${(firedAt - start).toFixed(3)} ms`);

const stop = new AbortController();
const item = schedule(60_000, { signal: stop.signal });
stop.abort(new Error('the user left'));
await item.catch(({ name, code, cause }) => console.log(`${name} ${code}: ${cause.message}`));

schedule(60_000, { ref: false }); // does not keep the program alive
