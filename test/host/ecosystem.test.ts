// docs/bundlers.md lists what `npm run test:ecosystem` tests. Only running it shows whether everything works.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { importable, root, runModule } from '../support/host';

const page = readFileSync(join(root, 'docs/bundlers.md'), 'utf8').replaceAll('\r\n', '\n');
const file = (name: string): string => importable(`test/ecosystem/${name}`);

test('the tables in docs/bundlers.md match what npm run test:ecosystem tests', async () => {
  const { result, stderr } = await runModule(`import { withTables } from ${file('tables.mjs')}; return withTables(values[0]);`, page);
  expect(stderr).toBe('');
  expect(result).toBe(page);
});

test('every tool that npm run test:ecosystem tests has a fixed version', async () => {
  const code = `
    import { BUNDLERS } from ${file('bundlers.mjs')};
    import { INSTALLERS } from ${file('installers.mjs')};
    import { PACKERS } from ${file('packers.mjs')};
    import { RUNNERS } from ${file('runners.mjs')};
    return [...BUNDLERS, ...INSTALLERS, ...PACKERS, ...RUNNERS].map((each) => each.package).filter(Boolean);`;
  const { result } = await runModule(code);
  const { dependencies } = JSON.parse(readFileSync(join(root, 'test/ecosystem/package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  for (const name of result as string[]) expect(dependencies[name]).toMatch(/^\d+\.\d+\.\d+/);
});
