// The linter of wording.

import { expect, test } from '@jest/globals';
import { importable, runModule } from '../support/host';

interface Found {
  line: number;
  phrase: string;
}

async function find(...lines: string[]): Promise<Found[]> {
  const { result, error } = await runModule(
    `import { findPhrases } from ${importable('scripts/lib/prose.mjs')}; return findPhrases(values[0]);`,
    lines.join('\n'),
  );
  if (error) throw new Error(error.message);
  return (result as Found[]).map(({ line, phrase }) => ({ line, phrase }));
}

// The linter reads this file too, so the phrases are put together.
const FOR_EVER = ['for', 'ever'].join(' ');
const NO_NAME = ['who', 'ever'].join('');

test.each([
  ['a page', `Waits ${FOR_EVER}.`],
  ['a comment', `  // Waits ${FOR_EVER}.`],
  ['the name of a test', `test('waits ${FOR_EVER}', () => {});`],
])('a phrase is found in %s', async (_, text) => {
  expect(await find('', text)).toEqual([{ line: 2, phrase: FOR_EVER }]);
});

test.each([
  ['a page', 'Waits for', 'ever.'],
  ['a comment', '  // Waits for', '  // ever.'],
  ['TSDoc', '   * Waits for', '   * ever.'],
  ['a script', '# Waits for', '# ever.'],
])('a phrase over the end of a line is found in %s', async (_, first, second) => {
  expect(await find(first, second)).toEqual([{ line: 1, phrase: FOR_EVER }]);
});

test('every phrase of a text is found, in the order of its lines', async () => {
  expect(await find(`${NO_NAME} waits`, 'plain words', `waits ${FOR_EVER}`)).toEqual([
    { line: 1, phrase: NO_NAME },
    { line: 3, phrase: FOR_EVER },
  ]);
});

test('plain English has none', async () => {
  expect(await find('Close the handle when you no longer need it.', 'For every item, forever.')).toEqual([]);
});
