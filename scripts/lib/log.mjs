// What a person sees while the scripts work: one line when a step starts, a sign of life while steps are long, one line
// with its duration when a step ends. Steps may run side by side. A failed step ends the program with what to do.

import { inspect } from 'node:util';

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

/** Something is not on this machine and could not be had: no fault of what is built or tested. */
export class Unavailable extends StepError {}

/** Prints a line of the scripts' own, apart from what the programs under them print. */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/** The steps under way: `{ label, started }`. */
const running = new Set();
let alive;

function begin(label) {
  const entry = { label, started: Date.now() };
  running.add(entry);
  say(`• ${label} ...`);
  alive ??= setInterval(() => {
    const long = [...running].filter(({ started }) => Date.now() - started >= SIGN_OF_LIFE);
    if (long.length > 0) say(`  so far: ${long.map((each) => `${each.label} (${seconds(each.started)})`).join('; ')}`);
  }, SIGN_OF_LIFE);
  return entry;
}

function end(entry) {
  running.delete(entry);
  if (running.size > 0) return;
  clearInterval(alive);
  alive = undefined;
}

/**
 * Runs one named step and reports it.
 * @template T
 * @param {string} label
 * @param {() => Promise<T>} action
 * @param {(result: T) => string | undefined} [complaint] what is wrong with a result: the step ends without a tick then
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

/** An error for a person to read. One that nobody has foreseen is a fault of the scripts: it needs its stack. */
export function explain(error) {
  if (!(error instanceof StepError)) return inspect(error);
  return `${error.message}${error.help ? `\n\nWhat to do: ${error.help}` : ''}`;
}

/**
 * Runs a script's main function: its number becomes the exit code, an error becomes a message.
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
