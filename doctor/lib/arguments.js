// The command line.

import { parseArgs } from 'node:util';

export const USAGE = `rtworkq-doctor: why timers are late on this machine, and what to do about it

  npx rtworkq-doctor [options]

  --quick               take about 5 s instead of 20: fewer samples, no raised timer resolution
  --json                print only the full report, as JSON on standard output
  --html FILE           also write a page with charts, as one self-contained file
  --max-lateness MS     end with exit code 1 if the p99 of rtworkq/timers is higher in any situation
  --from FILE           show a report that --json wrote, without measuring
  --no-color            print without colours
  --help, --version

Exit codes: 0 no problem; 1 a problem, or above --max-lateness; 2 invalid options, or rtworkq does not work here.`;

const OPTIONS = {
  quick: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  html: { type: 'string' },
  'max-lateness': { type: 'string' },
  from: { type: 'string' },
  'no-color': { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
  version: { type: 'boolean', short: 'v', default: false },
};

/** Invalid options. The message is printed with the usage. */
export class UsageError extends Error {}

function milliseconds(text) {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0) {
    throw new UsageError(`--max-lateness must be a number of milliseconds above 0, not "${text}".`);
  }
  return value;
}

/**
 * @param {string[]} args
 * @returns {{ quick: boolean, json: boolean, html?: string, maxLateness?: number, from?: string, noColor: boolean, help: boolean,
 *   version: boolean }}
 */
export function parseArguments(args) {
  let values;
  try {
    ({ values } = parseArgs({ args, options: OPTIONS }));
  } catch (error) {
    throw new UsageError(error.message);
  }
  const { 'max-lateness': maxLateness, 'no-color': noColor, ...rest } = values;
  if (rest.html === '' || rest.from === '') throw new UsageError('--html and --from need a file name.');
  if (rest.from !== undefined && rest.quick) throw new UsageError('--quick cannot be combined with --from, which does not measure.');
  return { ...rest, noColor, maxLateness: milliseconds(maxLateness) };
}
