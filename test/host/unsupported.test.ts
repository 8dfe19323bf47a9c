// Where there is no RTWorkQ: everything can be imported, and calls say why they cannot do more.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import * as rtworkq from 'rtworkq';
import { root, runProgram } from '../support/host';

// Windows has RTWorkQ: nothing here can be seen there.
const describeElsewhere = process.platform === 'win32' ? describe.skip : describe;
const code = 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM';

describeElsewhere('off Windows', () => {
  test('every export is there', () => {
    const declared = [...readFileSync(join(root, 'lib/index.ts'), 'utf8').matchAll(/export \{([^}]*)\}/g)].flatMap(([, names = '']) =>
      names
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== '' && !name.startsWith('type ')),
    );
    expect(declared.length).toBeGreaterThan(8);
    expect(Object.keys(rtworkq).sort()).toEqual(declared.sort());
  });

  test('isSupported() is false and supportStatus() says why', () => {
    expect(rtworkq.isSupported()).toBe(false);
    expect(rtworkq.supportStatus()).toEqual({ supported: false, code, reason: expect.stringContaining(`this is ${process.platform}`) });
  });

  test.each([
    ['startup', () => rtworkq.startup()],
    ['shutdown', () => rtworkq.shutdown()],
    ['scheduleWorkItem', () => rtworkq.scheduleWorkItem(1)],
    ['putWorkItem', () => rtworkq.putWorkItem()],
    ['cancelWorkItem', () => rtworkq.cancelWorkItem(1n)],
  ])('%s() throws, with a stack that starts here', (_, call) => {
    let error: (Error & { code?: string }) | undefined;
    try {
      call();
    } catch (thrown) {
      error = thrown as Error;
    }
    expect(error).toMatchObject({ name: 'Error', code, message: expect.stringContaining('isSupported()') });
    expect(String(error?.stack).split('\n')[1]).toContain('unsupported.test');
  });

  test('an ES module can import it too', async () => {
    const program = "import { isSupported, WorkItem } from 'rtworkq'; console.log(isSupported(), typeof WorkItem);";
    const { stdout } = await runProgram(process.execPath, ['--input-type=module', '-e', program]);
    expect(stdout.trim()).toBe('false function');
  });

  test('the sub-paths of the platforms import as well', async () => {
    for (const arch of ['x64', 'arm64', 'ia32']) {
      const program = `console.log(require('rtworkq/win32-${arch}').isSupported === require('rtworkq').isSupported)`;
      const { stdout } = await runProgram(process.execPath, ['-e', program]);
      expect(stdout.trim()).toBe('true');
    }
  });
});
