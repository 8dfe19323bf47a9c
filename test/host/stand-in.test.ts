// The stand-in for RTWorkQ.dll and avrt.dll passes its own check, which covers more than the package calls.

import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { root, runProgram } from '../support/host';

// It exists only under Wine.
const describeWine = process.platform === 'win32' ? describe.skip : describe;

// `npm test` sets this to an architecture that it was not asked for or could not prepare.
const testIn = (arch: string): typeof test => (process.env['RTWORKQ_WITHOUT'] === arch ? (test.skip as typeof test) : test);

describeWine('the stand-in for RTWorkQ.dll', () => {
  for (const arch of ['x64', 'ia32']) {
    testIn(arch)(`passes its own check for ${arch}`, async () => {
      const { code, stdout, stderr } = await runProgram(process.execPath, [join(root, 'test/host/check-stand-in.mjs'), arch]);
      if (!/^0 failed$/m.test(stdout.replaceAll('\r', ''))) throw new Error(`${stdout}\n${stderr}`);
      expect(stdout.split('\n').filter((line) => line.startsWith('ok')).length).toBeGreaterThan(200);
      expect(code).toBe(0);
    });
  }
});
