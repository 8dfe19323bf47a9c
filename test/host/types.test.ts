// What the declarations contain, and whether programs compile against the installed package with several versions of TypeScript.
// skipLibCheck is off, so the package's own declarations and Node's are checked too, with the ES2022 library.

import { copyFileSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as rtworkq from 'rtworkq';
import * as testing from 'rtworkq/testing';
import * as timers from 'rtworkq/timers';
import * as timerPromises from 'rtworkq/timers/promises';
import { installPacked } from '../support/consumer';
import { declarationsOf } from '../support/declarations';
import { makeFolder, removeFolder } from '../support/folders';
import { inNodeModules, root } from '../support/host';
import { compilers, compiles, typeCheck } from '../support/typescript';

const dist = join(root, 'dist');

const INDEX_ONLY = ['AnyDeadlineOptions', 'KnownCode', 'PriorityOptions', 'QueuedOptions', 'StatusOptions', 'nativeWork'];
// What is declared but not exported, by name, so that no addition goes unnoticed.
const ENTRY_POINTS: [file: string, exported: object, others: string[]][] = [
  ['index.d.ts', rtworkq, INDEX_ONLY],
  ['timers/index.d.ts', timers, ['Anything', 'OptionalVoid', 'Timer']],
  ['timers/promises.d.ts', timerPromises, ['Interval', 'Occurrence', 'Scheduler']],
  ['testing/index.d.ts', testing, ['FUNCTIONS']],
];

test('all other declaration files in dist/ only re-export', () => {
  const others = readdirSync(dist, { encoding: 'utf8', recursive: true })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => /\.d\.m?ts$/.test(file) && !ENTRY_POINTS.some(([entry]) => file === entry))
    .map((file) => [file, readFileSync(join(dist, file), 'utf8').trim()]);
  const withDefault = (name: string): string => `import timers from './${name}.js';\nexport * from './${name}.js';\nexport default timers;`;
  expect(Object.fromEntries(others)).toEqual({
    'index.d.mts': "export * from './index.js';",
    'testing/index.d.mts': "export * from './index.js';",
    'timers/index.d.mts': withDefault('index'),
    'timers/promises.d.mts': withDefault('promises'),
    ...Object.fromEntries(
      ['win32-x64', 'win32-arm64', 'win32-ia32'].flatMap((name) => [
        [`prebuilt/${name}.d.ts`, "export * from '../index';"],
        [`prebuilt/${name}.d.mts`, `export * from './${name}.js';`],
      ]),
    ),
  });
});

describe.each(ENTRY_POINTS)('dist/%s', (file, exported, besides) => {
  const { text, values, types } = declarationsOf(file);

  test.each(['internal', 'Environment', 'NativeEnvironment', '[started]', '@internal'])('does not mention %s', (name) => {
    expect(text).not.toContain(name);
  });

  test('exports exactly the values that the package has', () => {
    expect([...values].sort()).toEqual(Object.keys(exported).sort());
  });

  test('declares only the known names besides its exports', () => {
    const declared = [...text.matchAll(/^(?:declare )?(?:abstract )?(?:class|interface|type|function|const) (\w+)/gm)];
    const known = new Set([...values, ...types]);
    const others = declared.map(([, name = '']) => name).filter((name) => !known.has(name));
    expect(others.sort()).toEqual(besides);
  });
});

/** The packages with the types of later Nodes than the one that the package is compiled for. */
const LATER_TYPES = ['node-types-24', 'node-types-26'];

/** The latest types do not compile with the oldest compilers, so errors in them do not count. */
const isTooOld = (version: string, types: string): boolean => types === 'node-types-26' && ['5.2', '5.4'].includes(version);

describe('a program that uses the installed package', () => {
  let folder: string;
  let holders: string[];

  const options = (module: string, moduleResolution: string) => ({ lib: ['es2022'], skipLibCheck: false, module, moduleResolution });

  /** Type-checks copies of a program in test/consumer, beside other files in the same folder. */
  function check(version: string, program: string, copies: string[], module: string, moduleResolution: string, others: string[] = []) {
    const project = join(folder, module);
    mkdirSync(project, { recursive: true });
    for (const copy of copies) copyFileSync(join(root, 'test/consumer', program), join(project, copy));
    return typeCheck(version, project, [...copies, ...others], options(module, moduleResolution));
  }

  /** Writes a program that holds timers of this package as it holds those of Node, and returns the names of both. */
  function writeHolders(): string[] {
    const program = readFileSync(join(root, 'test/consumer/holders.mts'), 'utf8');
    mkdirSync(join(folder, 'nodenext'), { recursive: true });
    writeFileSync(join(folder, 'nodenext/ours.mts'), program);
    writeFileSync(join(folder, 'nodenext/nodes.mts'), program.replaceAll("'rtworkq/timers", "'node:timers"));
    return ['ours.mts', 'nodes.mts'];
  }

  beforeAll(async () => {
    folder = makeFolder('types');
    await installPacked(folder);
    holders = writeHolders();
    for (const types of LATER_TYPES) {
      // The name that compilers look for.
      mkdirSync(join(folder, types));
      symlinkSync(inNodeModules(types), join(folder, types, 'node'), 'junction');
    }
  });

  afterAll(() => removeFolder(folder));

  test.each(Object.keys(compilers))('compiles with TypeScript %s', async (version) => {
    const checked = await Promise.all([
      check(version, 'uses.ts', ['uses.mts', 'uses.cts'], 'nodenext', 'nodenext', holders),
      check(version, 'uses.ts', ['uses.ts'], 'esnext', 'bundler'),
    ]);
    expect(checked).toEqual([[], []]);
  });

  test.each(Object.keys(compilers).flatMap((version) => LATER_TYPES.map((types) => [version, types] as const)))(
    'holds timers with TypeScript %s and %s',
    async (version, types) => {
      const project = join(folder, 'nodenext');
      const compilerOptions = { ...options('nodenext', 'nodenext'), typeRoots: [join(folder, types)] };
      const errors = await typeCheck(version, project, holders, compilerOptions);
      const counts = (error: string): boolean => !(isTooOld(version, types) && error.includes(`node_modules/${types}/`));
      expect(errors.filter(counts)).toEqual([]);
    },
  );

  (compiles ? test : test.skip)('gets compile errors for wrong uses', async () => {
    expect(await check('7', 'misuses.mts', ['misuses.mts'], 'nodenext', 'nodenext')).toEqual([]);
  });
});
