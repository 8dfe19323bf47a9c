// The published doctor, run with npx.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { StepError, say } from '../../scripts/lib/log.mjs';
import { retry } from '../../scripts/lib/parallel.mjs';
import { run } from '../../scripts/lib/run.mjs';
import { environment } from './installed.mjs';

// Findings that only the packages can cause. Late timers, a low priority or EcoQoS come from the machine.
const FAULTS = ['unsupported', 'not-measured'];

/** Returns the doctor's report, which is one line among those that npm may have written. */
function parse(output) {
  try {
    return JSON.parse(output.split(/\r?\n/).find((line) => line.startsWith('{')));
  } catch {
    return undefined;
  }
}

/**
 * Runs a version of the doctor in an empty folder. Throws if its report does not fit this machine.
 * @param {string} folder
 * @param {{ version: string, registry: string, patience: Parameters<typeof retry>[1] }} options
 */
export async function tryDoctor(folder, { version, registry, patience }) {
  mkdirSync(folder);
  // npm's advice to update would be written into the middle of the report.
  const env = { ...environment(registry, join(folder, 'caches')), npm_config_update_notifier: 'false' };
  const command = ['--yes', `rtworkq-doctor@${version}`, '--quick', '--json'];
  const { code, output, report } = await retry(async () => {
    const ended = await run('npx', command, { cwd: folder, env, allowFailure: true });
    const made = parse(ended.output);
    if (!made) throw new StepError(`npx ended with ${ended.code} and no report:\n${ended.output}`);
    return { ...ended, report: made };
  }, patience);
  const problems = report.findings.filter(({ severity }) => severity === 'problem');
  for (const { title, text } of problems) say(`  ${title}: ${text}`);
  const ids = problems.map(({ id }) => id);
  // docs/doctor.md, "Exit code".
  const [expected, allowed] =
    process.platform === 'win32' ? [ids.length > 0 ? 1 : 0, !ids.some((id) => FAULTS.includes(id))] : [2, ids.includes('not-windows')];
  if (code !== expected || !allowed) throw new StepError(`It ended with ${code}, not with ${expected}.\n${output}`);
}
