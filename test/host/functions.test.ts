// Checks docs/functions.md against the DLL, the package and its declarations, and docs/wine.md against docs/functions.md.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import * as rtworkq from 'rtworkq';
import { declarations } from '../support/declarations';
import { root, runScript, windowsFixture } from '../support/host';

interface Row {
  name: string;
  here: string;
  since: string;
}

const rows: Row[] = readFileSync(join(root, 'docs/functions.md'), 'utf8')
  .split(/\r?\n/)
  .filter((line) => line.startsWith('| Rtwq'))
  .map((line) => {
    const [name = '', here = '', , since = ''] = line
      .split('|')
      .slice(1)
      .map((cell) => cell.trim());
    return { name, here, since };
  });

const exported = rtworkq as unknown as Record<string, { prototype?: object } | undefined>;

/** Whether the package has `name`, `Class.name` or `Class#name`. */
function exists(path: string): boolean {
  const [, owner = '', sign, member = ''] = /^(\w+)(?:([.#])(\w+))?$/.exec(path) ?? [];
  const value = exported[owner];
  if (value === undefined) return false;
  if (sign === '#') return value.prototype !== undefined && member in value.prototype;
  return sign !== '.' || (typeof value === 'function' && member in value);
}

/** Whether a function's result, or its promise's, has the method. The result is an interface, so only the declarations tell. */
function returnsWith(path: string, method: string): boolean {
  const name = path.split(/[.#]/).at(-1);
  const [, type] = new RegExp(`\\b${name}\\([^;]*\\): (?:Promise<)?(\\w+)>?;`).exec(declarations) ?? [];
  const [, body] = new RegExp(`interface ${type} [^{]*\\{([^}]*)\\}`).exec(declarations.replaceAll(/\{@link[^}]*\}/g, '')) ?? [];
  return body?.includes(`${method}():`) === true;
}

const named = rows.flatMap(({ name, here }) =>
  [...here.matchAll(/`([^`]+)`(?: → `(\w+)\(\)`)?/g)].map(([, path = '', method]) => [name, path, method] as const),
);

describe('docs/functions.md', () => {
  test('lists only functions that the DLL has', async () => {
    const { code, stdout, stderr } = await runScript('win.mjs', windowsFixture('exports'));
    if (code !== 0) throw new Error(stderr);
    const functions = (JSON.parse(stdout.trim().split(/\r?\n/).at(-1) ?? '') as string[]).filter((name) => name.startsWith('Rtwq'));
    // Windows 11 has dropped some that the package does not call.
    const expected = rows.filter(({ since }) => since !== '10 only').map(({ name }) => name);
    expect(expected.filter((name) => !functions.includes(name))).toEqual([]);
    const added = functions.filter((name) => rows.every((row) => row.name !== name));
    if (added.length > 0) console.warn(`This RTWorkQ.dll has functions that docs/functions.md does not list: ${added.join(', ')}`);
  });

  test('is in alphabetical order', () => {
    const names = rows.map(({ name }) => name);
    expect(names).toEqual(names.toSorted());
  });

  test('has every cell filled in', () => {
    expect(rows).toHaveLength(37);
    for (const { here, since } of rows) {
      expect(here).toMatch(/^not called: |^`/);
      expect(since).toMatch(/^(8\.1|10|10 only)$/);
      if (since === '10 only') expect(here).toMatch(/^not called: /);
    }
  });

  test.each(named)('%s: the package has %s', (_, path, method) => {
    expect(exists(path)).toBe(true);
    if (method) expect(returnsWith(path, method)).toBe(true);
  });

  test("mentions every function of the package that calls one of the DLL's", () => {
    // These call none of the DLL's functions. Some call other Windows functions.
    const settings = ['requestTimerResolution', 'setPowerThrottling'];
    const diagnostics = ['pendingOperations', 'traceOperations', 'monitorLateness'];
    const waits = ['waitFor', 'waitForAny', 'waitForAll', 'waitForProcessExit', 'signals'];
    const mmcss = ['listMmcssClasses', 'registerThreadWithMmcss', 'registerTimersWithMmcss'];
    const others = ['isSupported', 'supportStatus', ...waits, ...mmcss, ...settings, ...diagnostics];
    const functions = Object.keys(rtworkq).filter((name) => typeof exported[name] === 'function' && /^[a-z]/.test(name));
    const mentioned = new Set(named.map(([, path]) => path));
    expect(functions.filter((name) => !mentioned.has(name)).sort()).toEqual(others.sort());
  });
});

test('docs/wine.md names only functions that docs/functions.md lists', () => {
  const mentioned = readFileSync(join(root, 'docs/wine.md'), 'utf8').match(/\bRtwq[A-Z]\w+/g) ?? [];
  const known = new Set(rows.map(({ name }) => name));
  expect(mentioned.filter((name) => name !== 'RtwqError' && !known.has(name))).toEqual([]);
});
