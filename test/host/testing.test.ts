// rtworkq/testing on this machine: the simulation itself, the package's own tests in it, and the package without it.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { documentedTests } from '../support/examples';
import { root, runProgram } from '../support/host';

import '../core/testing/ends.test';
import '../core/testing/failures.test';
import '../core/testing/host-clock.test';
import '../core/testing/manual-clock.test';
import '../core/testing/others.test';

describe('the package without rtworkq/testing', () => {
  const built = (file: string): string => readFileSync(join(root, 'dist', file), 'utf8');

  test.each(['shared/rtworkq.js', 'esm/rtworkq.mjs'])('has none of its code in dist/%s', (file) => {
    const { classes } = { classes: [...built('testing/index.js').matchAll(/^class (\w+)/gm)].map(([, name = '']) => name) };
    expect(classes).toContain('Machine');
    const code = built(file);
    for (const name of ['Machine', 'ManualClock', 'HostClock', 'Namespace'])
      expect([name, code.includes(`class ${name} `)]).toEqual([name, false]);
  });

  test('does not load it, and shares its instance with it, in both formats', async () => {
    const program = `
      import { createRequire } from 'node:module';
      import { isSupported } from 'rtworkq';
      const { cache } = createRequire(import.meta.url);
      const loaded = () => Object.keys(cache).filter((file) => /[\\\\/]testing[\\\\/]/.test(file)).length;
      const before = loaded();
      const { simulate } = await import('rtworkq/testing');
      const own = isSupported();
      const sim = simulate();
      const required = createRequire(${JSON.stringify(join(root, 'package.json'))})('rtworkq');
      console.log(JSON.stringify([before, loaded(), isSupported(), required.isSupported()]));
      sim.end();
      console.log(isSupported() === own);`;
    const { stdout, stderr } = await runProgram(process.execPath, ['--input-type=module', '-e', program]);
    expect([stdout.trim().split(/\r?\n/), stderr]).toEqual([['[0,1,true,true]', 'true'], '']);
  });

  test('the ES modules for bundlers share one instance too', async () => {
    const file = (name: string): string => JSON.stringify(`file://${join(root, 'dist/esm', name).replaceAll('\\', '/')}`);
    const program = `
      import { isSupported } from ${file('index.mjs')};
      import { simulate } from ${file('testing.mjs')};
      const sim = simulate();
      console.log(isSupported());
      sim.end();`;
    const { stdout, stderr } = await runProgram(process.execPath, ['--input-type=module', '-e', program]);
    expect([stdout.trim(), stderr]).toEqual(['true', '']);
  });
});

test('the functions that can fail are those of the addon, in its order', () => {
  const header = readFileSync(join(root, 'src/base/outcome.h'), 'utf8');
  const names = [...header.matchAll(/^ {2}X\((\w+)\)/gm)].map(([, name = '']) => name);
  const [, list = ''] = /FUNCTIONS = \[([^\]]*)\]/.exec(readFileSync(join(root, 'lib/testing/windows/functions.ts'), 'utf8')) ?? [];
  expect([...list.matchAll(/'(\w+)'/g)].map(([, name = '']) => name)).toEqual(names);
});

// On Windows test/lifetime/documented.test.ts runs them.
(process.platform === 'win32' ? describe.skip : describe)('docs/testing.md', () => {
  test.each(documentedTests.filter(({ place }) => /testing|README/.test(place)))('the tests in $place pass here', async ({ code }) => {
    const args = ['--input-type=module', '-e', code];
    const { code: exitCode, stdout } = await runProgram(process.execPath, args, root, { NODE_NO_WARNINGS: '1' });
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/fail 0/)]);
  });
});

test("the fakes of node:test drive the package's timers", async () => {
  const program = `
    import assert from 'node:assert';
    import { mock, test } from 'node:test';
    import { simulate } from 'rtworkq/testing';
    import { setInterval, setTimeout } from 'rtworkq/timers';
    for (const apis of [['setTimeout'], ['setTimeout', 'Date'], undefined]) {
      test(String(apis), () => {
        const sim = simulate({ clock: 'host' });
        mock.timers.enable(apis && { apis });
        const later = mock.fn();
        const every = mock.fn();
        setTimeout(later, 5000);
        const interval = setInterval(every, 1000);
        mock.timers.tick(4999);
        assert.deepEqual([later.mock.callCount(), every.mock.callCount()], [0, 4]);
        mock.timers.tick(1);
        assert.deepEqual([later.mock.callCount(), every.mock.callCount()], [1, 5]);
        interval.close();
        mock.timers.tick(3);
        setTimeout(later, 10);
        mock.timers.tick(9);
        assert.equal(later.mock.callCount(), 1);
        mock.timers.tick(1);
        assert.equal(later.mock.callCount(), 2);
        setTimeout(later, 10);
        setTimeout(later, 30);
        setTimeout(later, 20);
        mock.timers.runAll();
        assert.equal(later.mock.callCount(), 5);
        mock.timers.reset();
        sim.end();
      });
    }`;
  const { stdout, code } = await runProgram(process.execPath, ['--input-type=module', '-e', program], root, { NODE_NO_WARNINGS: '1' });
  expect([code, stdout]).toEqual([0, expect.stringContaining('pass 3')]);
});
