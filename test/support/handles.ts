// What is left behind of handles. Pools, caches and the system itself open and close some as they like, so no number of
// them says anything; a leak adds its own each time.

import { loadHelper } from './helper';

const MOST_ROUNDS = 6;

/** The smallest growth in handles over rounds that are alike, the first of which is left out; below `enough` is enough. */
export async function leastGrowth(enough: number, round: () => unknown): Promise<number> {
  const { handleCount } = loadHelper();
  await round();
  let least = Number.POSITIVE_INFINITY;
  for (let count = 0; count < MOST_ROUNDS && least >= enough; count++) {
    const before = handleCount();
    await round();
    least = Math.min(least, handleCount() - before);
  }
  return least;
}
