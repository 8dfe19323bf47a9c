// Questions that Microsoft's documentation leaves open. A test that depends on such an answer accepts every answer that Windows may
// give, and reports the one it got. Under Wine both DLLs' answers are known, so only the known one passes.

import { appendFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { expect } from '@jest/globals';
import { RtwqError, supportStatus } from 'rtworkq';
import { LIMIT } from './time';

const status = supportStatus();

/** RTWORKQ_AS_ON_WINDOWS=1 takes the other branch under Wine too, to show that it works. */
export const underWine = status.supported && status.wine !== undefined && process.env['RTWORKQ_AS_ON_WINDOWS'] !== '1';

/** How long to wait for something that Windows may never do. */
export const PATIENCE = underWine ? LIMIT : 10_000;

const reported = new Set<string>();

/**
 * Prints an answer on one line, which a search for `Windows answers:` finds in a log, and adds it to the GitHub job's summary.
 * Prints each line once per test file, and nothing under Wine.
 */
export function reportAnswer(question: string, answer: unknown): void {
  const shown = inspect(answer, { breakLength: Number.POSITIVE_INFINITY, compact: true }).replaceAll(/\s*\n\s*/g, ' ');
  const line = `Windows answers: ${question}: ${shown}`;
  if (underWine || reported.has(line)) return;
  reported.add(line);
  console.warn(line);
  const summary = process.env['GITHUB_STEP_SUMMARY'];
  if (summary) appendFileSync(summary, `- ${line}\n`);
}

/** Expects `known` under Wine, and on Windows this or one of the others, which may be asymmetric matchers. */
export function expectOneOf(question: string, answer: unknown, known: unknown, ...others: unknown[]): void {
  if (underWine) {
    expect(answer).toEqual(known);
    return;
  }
  reportAnswer(question, answer);
  expect([known, ...others]).toContainEqual(answer);
}

/** What a call returns or resolves to. If it fails with an RtwqError, the answer is a string that REFUSED matches. */
export async function answerOf<T>(call: () => T | PromiseLike<T>): Promise<T | string> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof RtwqError)) throw error;
    return `refused by ${error.syscall}: ${error.code}`;
  }
}

/** A failure with any code: Microsoft does not document which. */
export const REFUSED: unknown = expect.stringMatching(/^refused by \w+: \w+$/);

/** Expects under Wine that cancelled waits have lost no signal. Microsoft does not document whether they do on Windows. */
export function expectNoneLost(how: string, lost: number): void {
  expectOneOf(`signals lost with cancelled waits (${how})`, lost, 0, expect.any(Number));
}

/**
 * Repeats a measurement until a busy machine has been calm for long enough. Timers without high resolution may never be that
 * punctual, so on Windows this gives up after a while and reports it.
 */
export async function untilCalm(what: string, attempt: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + PATIENCE;
  let calm = await attempt();
  while (!calm && performance.now() < end) calm = await attempt();
  expectOneOf(`${what}, until a calm stretch`, calm, true, false);
}
