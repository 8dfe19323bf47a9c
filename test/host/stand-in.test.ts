// The stand-in for RTWorkQ.dll and avrt.dll does what it says, beyond what the package calls.

import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { root, runProgram } from '../support/host';

// It only exists in Wine.
const describeWine = process.platform === 'win32' ? describe.skip : describe;

// `npm test` names what it was not asked for or could not make ready.
const testIn = (arch: string): typeof test => (process.env['RTWORKQ_WITHOUT'] === arch ? (test.skip as typeof test) : test);

describeWine('the stand-in', () => {
  for (const arch of ['x64', 'ia32']) {
    testIn(arch)(`passes its own check, ${arch}`, async () => {
      const { code, stdout, stderr } = await runProgram(process.execPath, [join(root, 'test/host/check-stand-in.mjs'), arch]);
      if (!/^0 failed$/m.test(stdout.replaceAll('\r', ''))) throw new Error(`${stdout}\n${stderr}`);
      expect(stdout.split('\n').filter((line) => line.startsWith('ok')).length).toBeGreaterThan(200);
      expect(code).toBe(0);
    });
  }
});
