// npm run facts: asks Windows what its documentation leaves open and the package relies on. facts/README.md says how to read
// the table. A row that crashes or hangs is an answer, so the exit code says only that there is a table.

import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseOrExplain } from './lib/arguments.mjs';
import { buildFacts } from './lib/build.mjs';
import { explain, runMain, StepError, say, step } from './lib/log.mjs';
import { ensurePackages } from './lib/packages.mjs';
import { together } from './lib/parallel.mjs';
import { root } from './lib/paths.mjs';
import { prepare } from './lib/prepare.mjs';
import { resolveTarget } from './lib/windows-node.mjs';

const USAGE =
  'npm run facts -- [--only PATTERN] [--json FILE] [--write] [--node 22|24|26] [--arch x64|ia32]\n\n' +
  '  --only    the rows whose names the regular expression fits\n' +
  '  --json    into a file as well, for machines\n' +
  "  --write   Wine's answers into facts/wine.json, where the table has its control from";
const OPTIONS = {
  only: { type: 'string', default: '' },
  json: { type: 'string' },
  write: { type: 'boolean' },
  node: { type: 'string' },
  arch: { type: 'string' },
};

const CONTROL = join(root, 'facts/wine.json');

function parse() {
  const options = parseOrExplain({ options: OPTIONS }, USAGE).values;
  if (options.write && options.only) throw new StepError('--write wants all rows: leave out --only.', USAGE);
  return options;
}

/** What cannot be built is missing from the answers, but does not keep the others from being asked. */
async function attempt(action) {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    say(explain(error));
    return undefined;
  }
}

const toJson = (report) => `${JSON.stringify(report, null, 1)}\n`;

await runMain(async () => {
  const options = parse();
  const target = resolveTarget(options);
  await ensurePackages();
  const [program] = await together(
    attempt(() => buildFacts(target.arch)),
    attempt(() => prepare(target)),
  );
  const { ask } = await import('../facts/ask.mjs');
  const { ROWS } = await import('../facts/rows.mjs');
  const { closingLine, reportOf } = await import('../facts/report/report.mjs');
  const { toMarkdown, toTerminal } = await import('../facts/report/tables.mjs');

  const only = new RegExp(options.only);
  const rows = ROWS.filter(({ id }) => only.test(id));
  const onRow = ({ id, seconds }) => say(`  ${id} (${seconds.toFixed(1)} s)`);
  const run = await step('Ask Windows', () => ask(rows, { ...options, program, onRow }));
  const report = reportOf(rows, run, new Date());
  if (options.write) {
    if (!report.machine.wine) throw new StepError("--write keeps Wine's answers, and this is Windows.");
    writeFileSync(CONTROL, toJson(report));
  }
  const control = JSON.parse(readFileSync(CONTROL, 'utf8'));
  if (options.json) writeFileSync(options.json, toJson(report));
  const summary = process.env.GITHUB_STEP_SUMMARY;
  if (summary) appendFileSync(summary, toMarkdown(report, control));
  console.log(toTerminal(report, control));
  console.log(closingLine(report));
});
