// The stand-in for RTWorkQ.dll and avrt.dll does what it says, beyond what the package calls.

import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { root, runProgram } from '../support/host';

// It only exists in Wine.
const describeWine = process.platform === 'win32' ? describe.skip : describe;

describeWine('the stand-in', () => {
  test.each(['x64', 'ia32'])('passes its own check, %s', async (arch) => {
    const { code, stdout, stderr } = await runProgram(process.execPath, [join(root, 'test/host/check-stand-in.mjs'), arch]);
    if (!/^0 failed$/m.test(stdout.replaceAll('\r', ''))) throw new Error(`${stdout}\n${stderr}`);
    expect(stdout.split('\n').filter((line) => line.startsWith('ok')).length).toBeGreaterThan(200);
    expect(code).toBe(0);
  });
});
