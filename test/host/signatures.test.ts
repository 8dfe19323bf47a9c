// The declarations in the documentation match the package: each documented declaration and the package's export of the same name
// are assignable to each other.

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
// A class's public members. The private ones would make it incompatible with every other class.
type Members<T> = { [K in keyof T]: T[K] };
// Assignable types may still differ in optional properties and parameters. These are the names, and each one's parameter count.
type Arity<T> = T extends (...args: infer A) => unknown ? A['length'] : 'none';
type Shape<T> = { [K in keyof T]-?: Arity<T[K]> };
`;

/** Checks that two types are the same: they are assignable to each other, and have the same members. */
const same = (written: string, real: string): string[] => [`Both<${written}, ${real}>`, `Both<Shape<${written}>, Shape<${real}>>`];

/** Whether a part of a block, between two empty lines, has members of a class rather than declarations. */
const isMember = (part: string): boolean => !/^(?:function|const|class|interface|type) /.test(part);

/** A module that does not compile if a block's declarations differ from the package's. */
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
    // Members outside a class belong to WorkQueue.
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
    // A documented class refers to itself by its name, which here is the package's class.
    `declare namespace Written {\n${declared.replaceAll(/^class (\w+)/gm, 'class Written$1')}\n}`,
    ...declaredTypes.map((name) => `type ${name} = Written.${name};`),
    `declare class Part {\n${members.join('\n')}\n}`,
    HELPERS,
    ...checks.map((check, index) => `export const is${index}: ${check} = true;`),
  ].join('\n');
}

const nameOf = ({ place }: Block): string => `${place.replaceAll(/\W/g, '-')}.mts`;

(compiles ? describe : describe.skip)('the documented signature in', () => {
  let folder: string;
  let complaints: string[];

  beforeAll(async () => {
    // Inside the repository, so that modules find the package by its name.
    folder = makeFolder('signatures', join(root, 'build'));
    for (const block of documentedSignatures) writeFileSync(join(folder, nameOf(block)), comparison(block));
    complaints = await typeCheck('7', folder, ['*'], { lib: ['es2023', 'esnext.disposable'], skipLibCheck: true });
  });

  afterAll(() => removeFolder(folder));

  test.each(documentedSignatures)('$place matches the package', (block) => {
    expect(complaints.filter((complaint) => complaint.startsWith(nameOf(block)))).toEqual([]);
  });
});
