#!/usr/bin/env node
// rtworkq-doctor: examines the machine, reports what it found, and sets an exit code for CI.

import { readFileSync, writeFileSync } from 'node:fs';
import { parseArguments, USAGE, UsageError } from './lib/arguments.js';
import { collect, FORMAT } from './lib/collect.js';
import { exitCodeOf, findingsOf } from './lib/findings/findings.js';
import { version } from './lib/package.js';
import { progressBar } from './lib/progress.js';

async function examine(options) {
  const progress = progressBar(options);
  try {
    return await collect(options, progress);
  } finally {
    progress.stop();
  }
}

/** Reads a report that --json wrote. Its findings are not used: they are computed again. */
function read(file) {
  let report;
  try {
    report = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UsageError(`Cannot read ${file}: ${error.message}`);
  }
  const valid = report?.format === FORMAT && report.machine && Array.isArray(report.situations) && Array.isArray(report.measurements);
  if (!valid) throw new UsageError(`${file} is not a report of this version of rtworkq-doctor.`);
  return report;
}

function write(file, text) {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new UsageError(`Cannot write ${file}: ${error.message}`);
  }
}

const wantsColour = (noColor) =>
  !noColor && (process.stdout.isTTY ? process.stdout.hasColors() : Boolean(process.env.FORCE_COLOR) && process.env.FORCE_COLOR !== '0');

async function run(options) {
  const { findings: _, ...report } = options.from === undefined ? await examine(options) : read(options.from);
  const findings = findingsOf(report, options);
  // Loaded on demand: the chart library takes a while to load.
  if (options.html !== undefined) {
    const { toPage } = await import('./lib/show/page.js');
    write(options.html, toPage(report, findings));
  }
  if (options.json) console.log(JSON.stringify({ ...report, findings }));
  else {
    const { toTerminal } = await import('./lib/show/terminal.js');
    console.log(toTerminal(report, findings, { colour: wantsColour(options.noColor) }));
    if (options.html !== undefined) console.log(`Wrote the page to ${options.html}`);
  }
  return exitCodeOf(report, findings);
}

async function main() {
  const options = parseArguments(process.argv.slice(2));
  if (!options.help && !options.version) return run(options);
  console.log(options.help ? USAGE : version);
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  const isUsageError = error instanceof UsageError;
  console.error(isUsageError ? `${error.message}\n\n${USAGE}` : error.stack);
  process.exitCode = isUsageError ? 2 : 1;
}
