// What is measured, in which order and for how long.

import { contenders } from './contenders.js';

/** In milliseconds: the fixed period of RTWorkQ's beat. */
export const PERIOD_MS = 10;

const IDLE = { load: 'idle', resolution: 'default' };
const BUSY = { load: 'busy', resolution: 'default' };
const RAISED = [
  { load: 'idle', resolution: 'raised' },
  { load: 'busy', resolution: 'raised' },
];

/**
 * @typedef {{ load: 'idle' | 'busy', resolution: 'default' | 'raised' }} Situation
 * @param {{ quick: boolean, supported: boolean }} options `supported` says whether rtworkq works here
 * @returns {{ names: string[], situations: Situation[], rounds: number, milliseconds: number }}
 */
export function planFor({ quick, supported }) {
  const names = Object.keys(contenders).filter((name) => supported || contenders[name].node);
  // Only Windows has a timer resolution to raise.
  const situations = quick || !supported ? [IDLE, BUSY] : [IDLE, BUSY, ...RAISED];
  return { names, situations, rounds: quick ? 1 : 2, milliseconds: quick ? 200 : 260 };
}
