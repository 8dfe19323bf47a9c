// The examples compile: the programs of the pages as they stand; parts of programs, and what is in the comments of lib/, with
// the names of the package imported, among the objects of test/consumer/context.ts. What else is in the pages is what it says
// it is.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { publicTypes, publicValues } from '../support/declarations';
import { commentedExamples, documentedBlocks, documentedParts, documentedPrograms, type Example } from '../support/examples';
import { makeFolder, removeFolder } from '../support/folders';
import { root, runProgram } from '../support/host';
import { compiles, typeCheck } from '../support/typescript';

// From the folder in build/.
const CONTEXT = '../../../test/consumer/context.ts';
const IMPORT = /^import .*$/gm;

/** The example with the whole package imported, but for names that it imports itself. In a block it may declare any name. */
function completed(example: Example): Example {
  const imports = example.code.match(IMPORT)?.join(' ') ?? '';
  // JavaScript cannot import a type.
  const exported = example.language === 'ts' ? [...publicValues, ...publicTypes] : publicValues;
  const missing = exported.filter((name) => !new RegExp(`\\b${name}\\b`).test(imports));
  const head = `${imports} import { ${missing.join(', ')} } from 'rtworkq';`;
  return { ...example, code: `${head} {\n${example.code.replaceAll(IMPORT, '')}}` };
}

const examples = [...documentedPrograms, ...[...documentedParts, ...commentedExamples].map(completed)];

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
    folder = makeFolder('examples', join(root, 'build'));
    const checked = await Promise.all([
      check('ts', ['*', CONTEXT], {}),
      // JavaScript has no place for the type of a parameter, or of what is caught.
      check('js', ['*', CONTEXT], { allowJs: true, checkJs: true, noImplicitAny: false, useUnknownInCatchVariables: false }),
    ]);
    complaints = checked.flat();
  });

  afterAll(() => removeFolder(folder));

  const isAbout = (example: Example) => (complaint: string) => complaint.startsWith(`${nameOf(example)}(`);

  test.each(examples)('$place', (example) => {
    expect(complaints.filter(isAbout(example))).toEqual([]);
  });

  test('is all that the compiler complains about', () => {
    const about = examples.map(isAbout);
    expect(complaints.filter((complaint) => !about.some((is) => is(complaint)))).toEqual([]);
  });
});

/** The places of the blocks with such a fence that something is wrong with. */
async function wrong(fence: RegExp, isRight: (code: string) => boolean | Promise<boolean>): Promise<string[]> {
  const blocks = documentedBlocks.filter(({ info }) => fence.test(info));
  const right = await Promise.all(blocks.map(({ code }) => isRight(code)));
  return blocks.filter((_, index) => !right[index]).map(({ place }) => place);
}

describe('in the pages', () => {
  test('JSON parses', async () => {
    const parses = (code: string): boolean => {
      try {
        return JSON.parse(code) !== undefined;
      } catch {
        return false;
      }
    };
    expect(await wrong(/^json$/, parses)).toEqual([]);
  });

  test('JavaScript for other programs has no error of syntax', async () => {
    const folder = makeFolder('syntax', join(root, 'build'));
    let count = 0;
    const parses = async (code: string): Promise<boolean> => {
      const name = join(folder, `${count++}`);
      const checked = ['cjs', 'mjs'].map((extension) => {
        writeFileSync(`${name}.${extension}`, code);
        return runProgram(process.execPath, ['--check', `${name}.${extension}`]);
      });
      return (await Promise.all(checked)).some((ended) => ended.code === 0);
    };
    try {
      expect(await wrong(/^js ./, parses)).toEqual([]);
    } finally {
      removeFolder(folder);
    }
  });

  test('commands name scripts that are there', async () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const areThere = (code: string): boolean => {
      const named = [...code.matchAll(/^npm (?:run ([\w:]+)|(test))\b/gm)].map(([, run, test]) => run ?? test ?? '');
      const files = [...code.matchAll(/^(?:node|npm run win --) ((?:test|scripts|bench|examples)\/\S+)/gm)].map(([, file = '']) => file);
      return named.every((name) => name in scripts) && files.every((file) => existsSync(join(root, file)));
    };
    expect(await wrong(/^sh$/, areThere)).toEqual([]);
  });
});
