// Runs main.js in the Windows Node, which starts a process for each row.

import { join } from 'node:path';
import { jsonLines } from '../scripts/lib/json-lines.mjs';
import { root } from '../scripts/lib/paths.mjs';
import { forWindows, reportEnd, runInWindows } from '../scripts/lib/windows.mjs';

/**
 * @param {import('./rows.mjs').Row[]} rows
 * @param {{ program?: string, node?: string, arch?: string, onRow?: (result: { id: string, seconds: number }) => void }} options
 *   `program` is facts.exe, if it was built. `onRow` is called after each row.
 */
export async function ask(rows, { program, node, arch, onRow = () => {} }) {
  const lines = [];
  const stdout = jsonLines((line) => {
    if (lines.push(line) > 1) onRow(line);
  });
  const settings = { facts: program && forWindows(program), rows };
  // Programs inside the repository can import the package by name.
  const env = { RTWORKQ_FACTS: JSON.stringify(settings), RTWORKQ_INSIDE: '1' };
  // Rows crash and hang in their own processes. If main.js itself ends early, the results so far are kept.
  reportEnd(await runInWindows({ node, arch, args: [forWindows(join(root, 'facts/main.js'))], env, stdout }));
  const [machine, ...results] = lines;
  return { machine, results };
}
