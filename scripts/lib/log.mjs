// What a person sees while the scripts work: one line when a step starts, a sign of life while it is
// long, one line with its duration when it ends. A failed step ends the program with what to do.

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

/** Prints a line of the scripts' own, apart from what the programs under them print. */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/**
 * Runs one named step and reports it.
 * @template T
 * @param {string} label
 * @param {() => Promise<T>} action
 * @returns {Promise<T>}
 */
export async function step(label, action) {
  const started = Date.now();
  say(`• ${label} ...`);
  const alive = setInterval(() => say(`  ${label}: ${seconds(started)} so far`), 10_000);
  try {
    const result = await action();
    say(`✓ ${label} (${seconds(started)})`);
    return result;
  } catch (error) {
    say(`✗ ${label} failed after ${seconds(started)}`);
    throw error;
  } finally {
    clearInterval(alive);
  }
}

/**
 * Runs a script's main function: its number becomes the exit code, a StepError becomes a message.
 * @param {() => Promise<number | undefined>} main
 */
export async function runMain(main) {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    say(`\n${error.message}${error.help ? `\n\nWhat to do: ${error.help}` : ''}`);
    process.exitCode = 1;
  }
}
