// Counts signals: released = taken + left.

import { randomInt } from 'node:crypto';
import { expect } from '@jest/globals';
import { type WaitTarget, waitFor } from 'rtworkq';

const { RTWORKQ_CONSERVATION_SEED: seed, RTWORKQ_CONSERVATION_SECONDS: seconds } = process.env;

/** The seed of all random choices. A test that fails prints it. */
export const SEED = seed === undefined ? randomInt(2 ** 31) : Number(seed);

/** How long all tests of conservation take together, in milliseconds. Starting processes adds to it. */
const TOTAL = Number(seconds ?? 10) * 1_000;

/** Returns whether a share of the time for all tests is over. On a busy machine it goes on until there is enough to compare. */
export function timeLimit(share: number, isEnough = () => true): () => boolean {
  const end = performance.now() + share * TOTAL;
  return () => performance.now() > end && isEnough();
}

/** Signals that were sent, and those of them that a wait reported. */
export interface Counts {
  released: number;
  taken: number;
}

export interface Tally extends Counts {
  /** The signals that were there at the end. */
  left: number;
}

const sumOf = (tallies: readonly Tally[], key: keyof Tally): number => tallies.reduce((sum, tally) => sum + tally[key], 0);

export const isConserved = ({ released, taken, left }: Tally): boolean => released === taken + left;

/** Takes and counts what is left in a semaphore or an auto-reset object. No wait for it may be pending. */
export async function countLeft(target: WaitTarget): Promise<number> {
  let left = 0;
  while ((await waitFor(target, { timeout: 0 })) === 'signaled') left++;
  return left;
}

/** Expects for each tally that every signal was either taken or left, and that some were taken. */
export function expectConserved(tallies: readonly Tally[]): void {
  const [released, taken, left] = [sumOf(tallies, 'released'), sumOf(tallies, 'taken'), sumOf(tallies, 'left')];
  if (seconds !== undefined) {
    const { currentTestName } = expect.getState();
    process.stderr.write(`${currentTestName}: ${released} released, ${taken} taken, ${left} left\n`);
  }
  const seen = {
    RTWORKQ_CONSERVATION_SEED: SEED,
    released,
    takenOrLeft: taken + left,
    wrong: tallies.filter((each) => !isConserved(each)),
  };
  expect(seen).toEqual({ ...seen, takenOrLeft: released, wrong: [] });
  expect(taken).toBeGreaterThan(0);
}
