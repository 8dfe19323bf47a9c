// Finds handle leaks. Pools, caches and the system itself open and close handles at any time, so a single count proves nothing. A
// leak adds handles in every round.

import { loadHelper } from './helper';

const MOST_ROUNDS = 6;

/** The smallest growth in handles over several equal rounds after a first one. Stops once a round grows by less than `enough`. */
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
