// Runs random programs on a model and a subject until they disagree, and says how to repeat that.

import fc from 'fast-check';
import { Disagreement, type OpenModel, patience, runProgram, type Subject } from './lockstep';
import { programs } from './programs';

/** How long a program that fails may shrink, in milliseconds. */
const SHRINKING = 30_000;

/** How long the subject may take for a step of a program that shrinks. Most of them lack something that never comes. */
const SHRINKING_PATIENCE = 2_000;

export interface Plan {
  programs: number;
  /** The fewest steps of a program. */
  steps: number;
  seed: number;
  /** How long a program that fails may shrink, in milliseconds. */
  shrinking?: number;
  /** Leads to the program that failed, without those before it. */
  path?: string;
}

export interface Found {
  programs: number;
  steps: number;
  /** How often the model followed a choice of the subject. */
  followed: number;
  /** Undefined if they agreed. */
  failure?: string;
}

/** Runs programs until one fails. */
export async function checkPrograms(
  { programs: count, steps: least, seed, path, shrinking = SHRINKING }: Plan,
  openModel: OpenModel,
  openSubject: () => Subject,
): Promise<Found> {
  const found: Found = { programs: 0, steps: 0, followed: 0 };
  let shrinkingUntil: number | undefined;
  let smallest = '';
  const property = fc.asyncProperty(programs(least), async (program) => {
    if (shrinkingUntil !== undefined && performance.now() > shrinkingUntil) return;
    if (shrinkingUntil === undefined) found.programs++;
    try {
      const { steps, followed } = await runProgram(program, openModel, openSubject());
      found.steps += steps;
      found.followed += followed;
    } catch (error) {
      if (!(error instanceof Disagreement)) throw error;
      smallest = error.message;
      patience.milliseconds = SHRINKING_PATIENCE;
      shrinkingUntil ??= performance.now() + shrinking;
      throw error;
    }
  });
  const result = await fc.check(property, { numRuns: count, seed, ...(path && { path }) });
  if (!result.failed) return found;
  const repeat = `RTWORKQ_MODEL_SEED=${seed} RTWORKQ_MODEL_PATH=${result.counterexamplePath} RTWORKQ_MODEL_STEPS=${least}`;
  const error = result.errorInstance as Error | undefined;
  return { ...found, failure: `${smallest || error?.stack}\nProgram ${found.programs}. To repeat it: ${repeat}` };
}
