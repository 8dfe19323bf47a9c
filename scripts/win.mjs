// npm run win -- [--node 22|24|26] [--arch x64|ia32] [--dll wine|stand-in] [--wine-debug heap|trace] <script.js> [args]

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { parseOrExplain } from './lib/arguments.mjs';
import { runMain, StepError } from './lib/log.mjs';
import { prepare } from './lib/prepare.mjs';
import { checkDll } from './lib/stand-in-wine.mjs';
import { forWindows, reportEnd, runInWindows } from './lib/windows.mjs';
import { resolveTarget } from './lib/windows-node.mjs';

const USAGE =
  'npm run win -- [--node 22|24|26] [--arch x64|ia32] [--dll wine|stand-in] [--wine-debug heap|trace] <script.js> [arguments of the script]';
const OPTIONS = { node: { type: 'string' }, arch: { type: 'string' }, dll: { type: 'string' }, 'wine-debug': { type: 'string' } };

/** Our options end at the script. All arguments after it go to the script. */
function parse(argv) {
  const { tokens } = parseArgs({ args: argv, options: OPTIONS, strict: false, tokens: true });
  const at = tokens.find(({ kind }) => kind === 'positional')?.index ?? argv.length;
  const { node, arch, dll, 'wine-debug': wineDebug } = parseOrExplain({ args: argv.slice(0, at), options: OPTIONS }, USAGE).values;
  if (wineDebug && !['heap', 'trace'].includes(wineDebug)) throw new StepError('--wine-debug must be heap or trace.', USAGE);
  checkDll(dll, USAGE);
  const script = argv[at];
  if (!script || !existsSync(script)) throw new StepError(script ? `There is no file ${script}` : 'Which script?', USAGE);
  return { options: { node, arch, dll, wineDebug }, script: resolve(script), args: argv.slice(at + 1) };
}

await runMain(async () => {
  const { options, script, args } = parse(process.argv.slice(2));
  await prepare(resolveTarget(options), options.dll);
  return reportEnd(await runInWindows({ ...options, args: [forWindows(script), ...args] }));
});
