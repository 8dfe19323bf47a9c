// A copy of the package is garbage-collected when no code refers to it any more, as after jest.resetModules() or a hot reload.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { runFixture, runNode } from '../support/child';
import { makeFolder, removeFolder } from '../support/folders';

describe('a copy of the package', () => {
  let seen: { leaks: Record<string, string[]>; heard: string[] };
  beforeAll(async () => {
    const { code, last, stderr } = await runFixture('collected', { flags: ['--expose-gc'] });
    if (code !== 0 || stderr !== '') throw new Error(`${code} ${last} ${stderr}`);
    seen = JSON.parse(last);
  });

  test('is collected, however it was used', () => {
    expect(Object.keys(seen.leaks).length).toBeGreaterThan(15);
    expect(Object.entries(seen.leaks).filter(([, left]) => left.length > 0)).toEqual([]);
  });

  test('stays while something is pending', () => {
    expect(seen.heard).toEqual(['timeout', 'timer', 'work item']);
  });
});

test('jest finds no leak in test files that use the package', async () => {
  const folder = makeFolder('leaks');
  try {
    const load = (name: string): string => `require(${JSON.stringify(require.resolve(name))})`;
    const head = `const rtworkq = ${load('rtworkq')}; const { setTimeout } = ${load('rtworkq/timers/promises')};`;
    const uses = {
      'work-items': 'await rtworkq.scheduleWorkItem(1); await rtworkq.putWorkItems(10);',
      wait: 'using event = rtworkq.WaitableEvent.create(); await event.wait({ timeout: 1 });',
      timer: 'await setTimeout(1);',
    };
    mkdirSync(join(folder, 'tests'));
    for (const [name, use] of Object.entries(uses)) {
      writeFileSync(join(folder, 'tests', `${name}.test.js`), `${head} test('${name}', async () => { ${use} });`);
    }
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ jest: { transform: {}, testEnvironment: 'node' } }));
    // The jest that runs this file.
    const { code, stderr } = await runNode([process.argv[1] as string, '--rootDir', folder, '--detectLeaks', '--runInBand'], {
      cwd: folder,
    });
    expect([code, stderr]).toEqual([0, expect.stringContaining('3 passed')]);
  } finally {
    removeFolder(folder);
  }
});
