// Reads the shell steps of a workflow's job.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StepError } from './log.mjs';
import { root } from './paths.mjs';

/** Replaces expressions with their values, as GitHub does. Supports only expressions that name a value. */
function fill(text, values) {
  return text.replace(/\$\{\{\s*([\w.]+)\s*\}\}/g, (expression, name) => {
    if (name in values) return values[name];
    throw new StepError(
      `A step of the workflow uses ${expression}, which has no value here.`,
      'add its value in scripts/lib/rehearsal.mjs',
    );
  });
}

/**
 * The steps of a job that have a `run`, in order. Ignores their conditions.
 * @param {string} file of .github/workflows
 * @param {string} job
 * @param {Record<string, string>} values of the expressions in it, such as `matrix.arch`
 * @returns {Promise<{ name: string, shell: string | undefined, command: string, env: Record<string, string> }[]>}
 */
export async function shellSteps(file, job, values) {
  // Imported late, because the package may have to be installed first.
  const { parse } = await import('yaml');
  const { steps } = parse(readFileSync(join(root, '.github/workflows', file), 'utf8')).jobs[job];
  return steps
    .filter(({ run }) => run !== undefined)
    .map(({ name, run, shell, env = {} }) => {
      const command = fill(run.trim(), values);
      const filled = Object.entries(env).map(([key, value]) => [key, fill(String(value), values)]);
      return { name: name ?? command.split('\n')[0], shell, command, env: Object.fromEntries(filled) };
    });
}
