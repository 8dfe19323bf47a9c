// The scripts' progress output: a line when a step starts, a sign of life while it runs, and a line with its duration when it ends.
// Steps may run in parallel. If a step fails, the script ends and says what to do.

import { inspect } from 'node:util';

// Milliseconds between signs of life.
const SIGN_OF_LIFE = 10_000;

const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`;

/** An error that a person can act on: it is printed without a stack. */
export class StepError extends Error {
  /**
   * @param {string} message what failed
   * @param {string} [help] what to do about it
   */
  constructor(message, help) {
    super(message);
    this.help = help;
  }
}

/** Something is missing on this machine and could not be installed. The code under test is not to blame. */
export class Unavailable extends StepError {}

/** Prints one of the scripts' own lines. It goes to standard error: standard output has only results and the programs' output. */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/** The running steps: `{ label, started }`. */
const running = new Set();
let signOfLife;

function begin(label) {
  const entry = { label, started: Date.now() };
  running.add(entry);
  say(`• ${label} ...`);
  signOfLife ??= setInterval(() => {
    const long = [...running].filter(({ started }) => Date.now() - started >= SIGN_OF_LIFE);
    if (long.length > 0) say(`  still running: ${long.map((each) => `${each.label} (${seconds(each.started)})`).join('; ')}`);
  }, SIGN_OF_LIFE);
  return entry;
}

function end(entry) {
  running.delete(entry);
  if (running.size > 0) return;
  clearInterval(signOfLife);
  signOfLife = undefined;
}

/**
 * Runs one named step and reports its progress.
 * @template T
 * @param {string} label
 * @param {() => Promise<T>} action
 * @param {(result: T) => string | undefined} [complaint] returns what is wrong with a result, if anything; the step is marked ✗ then
 * @returns {Promise<T>}
 */
export async function step(label, action, complaint = () => undefined) {
  const entry = begin(label);
  try {
    const result = await action();
    const wrong = complaint(result);
    say(wrong ? `✗ ${label}: ${wrong} (${seconds(entry.started)})` : `✓ ${label} (${seconds(entry.started)})`);
    return result;
  } catch (error) {
    say(`✗ ${label} failed after ${seconds(entry.started)}`);
    throw error;
  } finally {
    end(entry);
  }
}

/** Formats an error for people. An unexpected error is a bug in the scripts, so it is printed with its stack. */
export function explain(error) {
  if (!(error instanceof StepError)) return inspect(error);
  return `${error.message}${error.help ? `\n\nWhat to do: ${error.help}` : ''}`;
}

/**
 * Runs a script's main function. Its result becomes the exit code; an error is printed.
 * @param {() => Promise<number | undefined>} main
 */
export async function runMain(main) {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    say(`\n${explain(error)}`);
    process.exitCode = 1;
  }
}
