// Reads CI's Windows measurements from a folder of downloaded artifacts: reports of the benchmark, the doctor and `npm run facts`,
// recognized by their content.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StepError } from '../log.mjs';

/** How to recognize each kind of report, and whether it was made under Wine: `undefined` if the report does not say. */
const KINDS = {
  bench: {
    fits: (report) => report.results && report.bounds?.timers && report.bounds?.workItems,
    wine: ({ wine }) => wine,
  },
  doctor: {
    fits: (report) => report.doctor && report.machine?.system && Array.isArray(report.measurements),
    wine: ({ machine: { system, rtworkq } }) => {
      if (system.value?.platform !== 'win32' || !rtworkq?.value) return undefined;
      return Boolean(rtworkq.value.wine);
    },
  },
  facts: {
    fits: (report) => report.machine?.host && Array.isArray(report.rows) && report.rows.every((row) => row.question && row.answers),
    wine: ({ machine }) => machine.wine,
  },
};

const HELP = 'download the artifacts of a CI run (gh run download) into one folder';

function parse(file) {
  const text = readFileSync(file, 'utf8');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new StepError(`${file} is not a report: ${error.message}`, HELP);
  }
}

/** The report in a file and its kind. Throws unless it was made on Windows. */
function read(file) {
  const report = parse(file);
  const kind = Object.keys(KINDS).find((name) => KINDS[name].fits(report));
  if (!kind) throw new StepError(`${file} is not a report of the benchmark, the doctor or npm run facts.`, HELP);
  const wine = KINDS[kind].wine(report);
  if (wine === false) return { kind, report };
  throw new StepError(`${file} was made ${wine ? 'under Wine' : 'on an unknown machine'}, not on Windows.`);
}

/**
 * The reports in a folder and its subfolders, by kind; at least one of each.
 * @param {string} folder
 * @returns {Record<'bench' | 'doctor' | 'facts', object[]>}
 */
export function readArtifacts(folder) {
  const names = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.json'));
  const found = { bench: [], doctor: [], facts: [] };
  for (const name of names.sort()) {
    const { kind, report } = read(join(folder, name));
    found[kind].push(report);
  }
  const missing = Object.keys(found).filter((kind) => found[kind].length === 0);
  if (missing.length > 0) throw new StepError(`${folder} has no report of: ${missing.join(', ')}.`, HELP);
  return found;
}
