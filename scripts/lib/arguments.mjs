// Parses the scripts' command lines with Node's parser. Errors show the usage.

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
