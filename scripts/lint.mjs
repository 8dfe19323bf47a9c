// npm run lint: every linter. npm run format (--write): the same, and Biome and clang-format mend what they can.

import { parseOrExplain } from './lib/arguments.mjs';
import { lint } from './lib/lint.mjs';
import { runMain, say } from './lib/log.mjs';

await runMain(async () => {
  const { values } = parseOrExplain({ options: { write: { type: 'boolean', default: false } } }, 'npm run lint -- [--write]');
  const failed = (await lint(values)).filter(({ ok }) => !ok).map(({ name }) => name);
  if (failed.length === 0) return 0;
  say(`\n${failed.join(', ')} found something.${values.write ? '' : ' `npm run format` mends layout and what is safe to mend.'}`);
  return 1;
});
