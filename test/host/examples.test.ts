// The examples compile: the programs of README.md and docs/ as they stand; those in the comments of lib/ with the names of
// the package imported, among the objects of test/consumer/context.ts.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { publicTypes, publicValues } from '../support/declarations';
import { commentedExamples, documentedPrograms, type Example } from '../support/examples';
import { root } from '../support/host';
import { compiles, typeCheck } from '../support/typescript';

const IMPORT = /^import .*$/gm;

/** The example with the whole package imported, but for names that it imports itself. In a block it may declare any name. */
function completed(example: Example): Example {
  const imports = example.code.match(IMPORT)?.join(' ') ?? '';
  const missing = [...publicValues, ...publicTypes].filter((name) => !new RegExp(`\\b${name}\\b`).test(imports));
  const head = `${imports} import { ${missing.join(', ')} } from 'rtworkq';`;
  return { ...example, code: `${head} {\n${example.code.replaceAll(IMPORT, '')}}` };
}

const examples = [...documentedPrograms, ...commentedExamples.map(completed)];

const nameOf = ({ place, language }: Example): string => `${place.replaceAll(/\W/g, '-')}.m${language}`;

(compiles ? describe : describe.skip)('the example', () => {
  let folder: string;
  let complaints: string[];

  function check(language: Example['language'], include: string[], compilerOptions: object): Promise<string[]> {
    const project = join(folder, language);
    mkdirSync(project);
    for (const example of examples.filter((each) => each.language === language))
      writeFileSync(join(project, nameOf(example)), example.code);
    return typeCheck('7', project, include, { lib: ['es2023'], skipLibCheck: true, ...compilerOptions });
  }

  beforeAll(async () => {
    // In the repository, where the package is found by its name.
    folder = mkdtempSync(join(root, 'build/examples-'));
    const checked = await Promise.all([
      check('ts', ['*', '../../../test/consumer/context.ts'], {}),
      // JavaScript has no place for the type of a parameter, or of what is caught.
      check('js', ['*'], { allowJs: true, checkJs: true, noImplicitAny: false, useUnknownInCatchVariables: false }),
    ]);
    complaints = checked.flat();
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const isAbout = (example: Example) => (complaint: string) => complaint.startsWith(`${nameOf(example)}(`);

  test.each(examples)('$place', (example) => {
    expect(complaints.filter(isAbout(example))).toEqual([]);
  });

  test('is all that the compiler complains about', () => {
    const about = examples.map(isAbout);
    expect(complaints.filter((complaint) => !about.some((is) => is(complaint)))).toEqual([]);
  });
});
