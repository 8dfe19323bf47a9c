// npm run facts: tests the package's assumptions about Windows that the documentation leaves open. facts/README.md says how to
// read the table. A row that crashes or hangs is an answer too, so exit code 0 only means that there is a table.

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
  '  --only    asks only rows whose names match this regular expression\n' +
  '  --json    also writes the answers to a file, as JSON\n' +
  "  --write   writes Wine's answers to facts/wine.json, from which the table's Wine column comes";
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
  if (options.write && options.only) throw new StepError('--write needs all rows: leave out --only.', USAGE);
  return options;
}

/** Runs a build step. A failure leaves some rows without answers, but the others are still asked. */
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
