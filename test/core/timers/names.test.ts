// The functions' names, lengths and relations are those of the running Node.

import nodeTimers from 'node:timers';
import nodePromises from 'node:timers/promises';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import * as timers from 'rtworkq/timers';
import * as promises from 'rtworkq/timers/promises';
import { runCode } from '../../support/child';

type Functions = Readonly<Record<string, unknown>>;

// test/host/timers.test.ts runs this file in Nodes that the package does not support, too, with other lengths.
const isOld = Number.parseInt(process.versions.node, 10) < 22;

/** The names and lengths of a module's functions. */
function signaturesOf(module: Functions, names: readonly string[]): object {
  const functions = names.map((name) => [name, module[name] as () => void] as const);
  return Object.fromEntries(functions.map(([name, { name: own, length }]) => [name, { name: own, length: isOld ? 0 : length }]));
}

/** Those that Node has deprecated, and that its later versions do not have, are missing. */
const functionsOf = (module: Functions): string[] =>
  Object.keys(module).filter(
    (name) => typeof module[name] === 'function' && !['active', 'enroll', 'unenroll', '_unrefActive'].includes(name),
  );

test.each<[string, Functions, Functions]>([
  ['timers', timers as unknown as Functions, nodeTimers as unknown as Functions],
  ['timers/promises', promises as unknown as Functions, nodePromises as unknown as Functions],
  ['the scheduler', Object.getPrototypeOf(promises.scheduler), { yield: nodePromises.scheduler.yield, wait: nodePromises.scheduler.wait }],
])('the functions of %s have the names and lengths of those of Node', (_, ours, node) => {
  const names = functionsOf(node);
  expect(names).not.toHaveLength(0);
  expect(signaturesOf(ours, names)).toEqual(signaturesOf(node, names));
});

test('timers.promises is what timers/promises exports', async () => {
  expect(nodeTimers.promises).toBe(nodePromises);
  expect(timers.promises).toBe(promises);
  const ended = await runCode(`
    import('rtworkq/timers').then(async (timers) => {
      const promises = await import('rtworkq/timers/promises');
      const required = [require('rtworkq/timers'), require('rtworkq/timers/promises')];
      console.log(timers.default === required[0], promises.default === required[1], timers.promises === required[1]);
    });`);
  expect(ended.last).toBe('true true true');
});

test('util.promisify(setTimeout) is the promise version', () => {
  expect(promisify(timers.setTimeout)).toBe(promises.setTimeout);
});
