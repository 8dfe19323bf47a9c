// The command line.

import { parseArgs } from 'node:util';

export const USAGE = `rtworkq-doctor: why timers are late on this machine, and what to do about it

  npx rtworkq-doctor [options]

  --quick               about 5 s instead of 20: no raised timer resolution, fewer samples
  --json                the whole report as JSON on standard output, and nothing else there
  --html FILE           a page with charts as well: one file that loads nothing
  --max-lateness MS     exit code 1 where the p99 of rtworkq/timers is later than that in any situation
  --from FILE           shows a report that --json has written, and measures nothing
  --no-color            no colours
  --help, --version

Exit codes: 0 fine; 1 a problem was found, or --max-lateness was passed; 2 wrong options, or rtworkq does not work here.`;

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

/** Options that make no sense: the message is for whoever typed them. */
export class UsageError extends Error {}

function milliseconds(text) {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0) {
    throw new UsageError(`--max-lateness is a number of milliseconds above 0, not "${text}".`);
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
  if (rest.html === '' || rest.from === '') throw new UsageError('Which file?');
  if (rest.from !== undefined && rest.quick) throw new UsageError('--quick is for measuring, and --from measures nothing.');
  return { ...rest, noColor, maxLateness: milliseconds(maxLateness) };
}
