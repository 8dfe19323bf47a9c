// The scripts' command lines: Node's own parser, with an error that shows the usage.

import { parseArgs } from 'node:util';
import { StepError } from './log.mjs';

/**
 * @param {import('node:util').ParseArgsConfig} config
 * @param {string} usage
 */
export function parseOrExplain(config, usage) {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new StepError(error.message, usage);
  }
}
