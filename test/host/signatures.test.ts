// The declarations in the documentation are those of the package: each as it is written and what the package exports under its
// name are assignable to each other.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { declarationsOf } from '../support/declarations';
import { documentedSignatures } from '../support/examples';
import { makeFolder, removeFolder } from '../support/folders';
import { root } from '../support/host';
import type { Block } from '../support/markdown';
import { compiles, typeCheck } from '../support/typescript';

const MODULES: Record<string, string> = {
  rtworkq: 'index.d.ts',
  'rtworkq/timers': 'timers/index.d.ts',
  'rtworkq/timers/promises': 'timers/promises.d.ts',
};

const HELPERS = `
type Both<A, B> = [A] extends [B] ? ([B] extends [A] ? true : ['lacks', A, B]) : ['has other', A, B];
// What is written of a class: its members, but for the private ones that make it a kind of its own.
type Members<T> = { [K in keyof T]: T[K] };
// What is assignable may lack an optional property or parameter: the names, and how many parameters each takes.
type Arity<T> = T extends (...args: infer A) => unknown ? A['length'] : 'none';
type Shape<T> = { [K in keyof T]-?: Arity<T[K]> };
`;

/** Both are the same, by what is assignable to each other and by their parts. */
const same = (written: string, real: string): string[] => [`Both<${written}, ${real}>`, `Both<Shape<${written}>, Shape<${real}>>`];

/** The part of a block that stands between two empty lines: declarations, or members of a class. */
const isMember = (part: string): boolean => !/^(?:function|const|class|interface|type) /.test(part);

/** A module that does not compile where the declarations of a block are not those of the package. */
function comparison({ code, heading }: Block): string {
  const module = heading in MODULES ? heading : 'rtworkq';
  const { values, types } = declarationsOf(MODULES[module] as string);
  const classes = values.filter((name) => /^[A-Z]/.test(name));

  const parts = code.trim().split(/\n\n(?=\S)/);
  const members = parts.filter(isMember);
  const declared = parts.filter((part) => !isMember(part)).join('\n\n');
  const namesOf = (kind: string): string[] => [...declared.matchAll(new RegExp(`^${kind} (\\w+)`, 'gm'))].map(([, name = '']) => name);

  const [functions, constants, declaredTypes, declaredClasses] = ['function', 'const', '(?:interface|type)', 'class'].map(namesOf) as [
    string[],
    string[],
    string[],
    string[],
  ];
  const imported = [...types, ...classes].filter((name) => !declaredTypes.includes(name));
  const checks = [
    ...[...new Set(functions)].flatMap((name) => [
      `Both<typeof Written.${name} & Members<typeof real.${name}>, typeof real.${name}>`,
      `Both<Arity<typeof Written.${name}>, Arity<typeof real.${name}>>`,
    ]),
    ...constants.flatMap((name) => same(`Members<typeof Written.${name}>`, `Members<typeof real.${name}>`)),
    ...declaredTypes.flatMap((name) => same(`Written.${name}`, `real.${name}`)),
    ...declaredClasses.flatMap((name) => [
      ...same(`Members<Written.Written${name}>`, `Members<real.${name}>`),
      ...same(`Omit<typeof Written.Written${name}, 'prototype'>`, `Omit<typeof real.${name}, 'prototype'>`),
    ]),
    // The members that stand by themselves are those of WorkQueue.
    ...(members.length > 0
      ? [
          ...same('Members<Part>', 'Pick<real.WorkQueue, keyof Part>'),
          ...same("Omit<typeof Part, 'prototype'>", "Pick<typeof real.WorkQueue, Exclude<keyof typeof Part, 'prototype'>>"),
        ]
      : []),
  ];
  return [
    `import * as real from '${module}';`,
    `import type { ${imported.join(', ')} } from '${module}';`,
    "import type { EventEmitter } from 'node:events';",
    "import type { RecordableHistogram } from 'node:perf_hooks';",
    // A class that is written calls itself by the name of the package's.
    `declare namespace Written {\n${declared.replaceAll(/^class (\w+)/gm, 'class Written$1')}\n}`,
    ...declaredTypes.map((name) => `type ${name} = Written.${name};`),
    `declare class Part {\n${members.join('\n')}\n}`,
    HELPERS,
    ...checks.map((check, index) => `export const is${index}: ${check} = true;`),
  ].join('\n');
}

const nameOf = ({ place }: Block): string => `${place.replaceAll(/\W/g, '-')}.mts`;

(compiles ? describe : describe.skip)('what is written as', () => {
  let folder: string;
  let complaints: string[];

  beforeAll(async () => {
    // In the repository, where the package is found by its name.
    folder = makeFolder('signatures', join(root, 'build'));
    for (const block of documentedSignatures) writeFileSync(join(folder, nameOf(block)), comparison(block));
    complaints = await typeCheck('7', folder, ['*'], { lib: ['es2023', 'esnext.disposable'], skipLibCheck: true });
  });

  afterAll(() => removeFolder(folder));

  test.each(documentedSignatures)('$place', (block) => {
    expect(complaints.filter((complaint) => complaint.startsWith(nameOf(block)))).toEqual([]);
  });
});
