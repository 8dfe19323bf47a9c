// What an RTWorkQ.dll does not have, by the one sign that it gives of that: the only reason to skip a test.

import { test } from '@jest/globals';

/** False only where the probe throws E_NOTIMPL. */
export function implemented(probe: () => unknown): boolean {
  try {
    probe();
  } catch (error) {
    return (error as { code?: unknown }).code !== 'E_NOTIMPL';
  }
  return true;
}

/** `test`, or `test.skip` where the probe throws E_NOTIMPL. */
export const testIf = (probe: () => unknown): typeof test => (implemented(probe) ? test : (test.skip as typeof test));
