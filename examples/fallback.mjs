// One function for every system: RTWorkQ's where it is there, otherwise Node's timer, with the same options and the same
// result. Without it, Node's would take the options for the value that it resolves to, and drop them.
//
// Who only needs a timer needs none of this: rtworkq/timers and rtworkq/timers/promises work on every system.
//
//   node fallback.mjs

import { setTimeout } from 'node:timers/promises';
import { isSupported, scheduleWorkItem } from 'rtworkq';

/**
 * Resolves after so many milliseconds. Ended by the signal, it rejects with an AbortError whose cause is the reason.
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
stop.abort(new Error('the user has left'));
await item.catch(({ name, code, cause }) => console.log(`${name} ${code}: ${cause.message}`));

schedule(60_000, { ref: false }); // does not keep the program alive
