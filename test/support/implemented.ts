// Whether RTWorkQ.dll has a function. E_NOTIMPL is the only sign that it does not, and the only reason to skip a test.

import { describe, test } from '@jest/globals';

/** False only if the probe throws E_NOTIMPL. */
export function implemented(probe: () => unknown): boolean {
  try {
    probe();
  } catch (error) {
    return (error as { code?: unknown }).code !== 'E_NOTIMPL';
  }
  return true;
}

/** `test`, or `test.skip` if the probe throws E_NOTIMPL. */
export const testIf = (probe: () => unknown): typeof test => (implemented(probe) ? test : (test.skip as typeof test));

/** `describe`, or `describe.skip` if the probe throws E_NOTIMPL. */
export const describeIf = (probe: () => unknown): typeof describe => (implemented(probe) ? describe : (describe.skip as typeof describe));
