// npm run lint: runs every linter. npm run format (--write): also lets Biome and clang-format fix what they can.

import { parseOrExplain } from './lib/arguments.mjs';
import { lint } from './lib/lint.mjs';
import { runMain, say } from './lib/log.mjs';

await runMain(async () => {
  const { values } = parseOrExplain({ options: { write: { type: 'boolean', default: false } } }, 'npm run lint -- [--write]');
  const failed = (await lint(values)).filter(({ ok }) => !ok).map(({ name }) => name);
  if (failed.length === 0) return 0;
  say(`\n${failed.join(', ')} found problems.${values.write ? '' : ' `npm run format` fixes layout and everything that is safe to fix.'}`);
  return 1;
});
