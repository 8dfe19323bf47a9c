// Asks rows in the Windows Node: main.js there starts a process for each.

import { join } from 'node:path';
import { jsonLines } from '../scripts/lib/json-lines.mjs';
import { root } from '../scripts/lib/paths.mjs';
import { forWindows, reportEnd, runInWindows } from '../scripts/lib/windows.mjs';

/**
 * @param {import('./rows.mjs').Row[]} rows
 * @param {{ program?: string, node?: string, arch?: string, heard?: (result: { id: string, seconds: number }) => void }} options
 *   `program` is facts.exe, where it could be built.
 */
export async function ask(rows, { program, node, arch, heard = () => {} }) {
  const lines = [];
  const stdout = jsonLines((line) => {
    if (lines.push(line) > 1) heard(line);
  });
  const settings = { facts: program && forWindows(program), rows };
  // The package is in the repository, where programs of the repository find it by its name.
  const env = { RTWORKQ_FACTS: JSON.stringify(settings), RTWORKQ_INSIDE: '1' };
  // Rows crash and hang in processes of their own. Where this one ends early, what it has heard is there all the same.
  reportEnd(await runInWindows({ node, arch, args: [forWindows(join(root, 'facts/main.js'))], env, stdout }));
  const [machine, ...results] = lines;
  return { machine, results };
}
