// The declarations: what is in them, and programs against the installed package in several versions of TypeScript. Nothing
// is left unchecked: neither the package's own declarations nor those of Node, with the library of ES2022.

import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as rtworkq from 'rtworkq';
import { installPacked } from '../support/consumer';
import { declarations, publicTypes, publicValues } from '../support/declarations';
import { root } from '../support/host';
import { compilers, compiles, typeCheck } from '../support/typescript';

const dist = join(root, 'dist');

describe('dist/index.d.ts', () => {
  test('is the only declaration file with anything in it', () => {
    const others = readdirSync(dist, { encoding: 'utf8', recursive: true })
      .filter((file) => /\.d\.m?ts$/.test(file) && file !== 'index.d.ts')
      .map((file) => [file.replaceAll('\\', '/'), readFileSync(join(dist, file), 'utf8').trim()]);
    expect(Object.fromEntries(others)).toEqual({
      'index.d.mts': "export * from './index.js';",
      ...Object.fromEntries(
        ['win32-x64', 'win32-arm64', 'win32-ia32'].flatMap((name) => [
          [`prebuilt/${name}.d.ts`, "export * from '../index';"],
          [`prebuilt/${name}.d.mts`, `export * from './${name}.js';`],
        ]),
      ),
    });
  });

  test.each(['internal', 'Environment', 'NativeEnvironment', '[started]', '@internal'])('does not mention %s', (name) => {
    expect(declarations).not.toContain(name);
  });

  test('exports the values that the package has', () => {
    expect([...publicValues].sort()).toEqual(Object.keys(rtworkq).sort());
  });

  // By name, so that nobody adds to them unseen.
  test('has next to nothing besides what it exports', () => {
    const declared = [...declarations.matchAll(/^(?:declare )?(?:abstract )?(?:class|interface|type|function|const) (\w+)/gm)];
    const known = new Set([...publicValues, ...publicTypes]);
    const others = declared.map(([, name = '']) => name).filter((name) => !known.has(name));
    expect(others.sort()).toEqual(['AnyDeadlineOptions', 'KnownCode', 'PriorityOptions', 'QueuedOptions', 'StatusOptions', 'nativeWork']);
  });
});

describe('a consumer', () => {
  let folder: string;

  /** Type checks copies of a program of test/consumer. */
  function check(version: string, program: string, copies: string[], module: string, moduleResolution: string): Promise<string[]> {
    const project = join(folder, module);
    mkdirSync(project, { recursive: true });
    for (const copy of copies) copyFileSync(join(root, 'test/consumer', program), join(project, copy));
    return typeCheck(version, project, copies, { lib: ['es2022'], skipLibCheck: false, module, moduleResolution });
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rtworkq-types-'));
    await installPacked(folder);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(Object.keys(compilers))('compiles with TypeScript %s', async (version) => {
    const checked = await Promise.all([
      check(version, 'uses.ts', ['uses.mts', 'uses.cts'], 'nodenext', 'nodenext'),
      check(version, 'uses.ts', ['uses.ts'], 'esnext', 'bundler'),
    ]);
    expect(checked).toEqual([[], []]);
  });

  (compiles ? test : test.skip)('is told of mistakes', async () => {
    expect(await check('7', 'misuses.mts', ['misuses.mts'], 'nodenext', 'nodenext')).toEqual([]);
  });
});
