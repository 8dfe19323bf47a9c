// What an RTWorkQ.dll leaves out. The only reason to skip a test.

import { RtwqError } from 'rtworkq';

/** False where the probe throws E_NOTIMPL; whatever else it does is for the test to see. */
export function implemented(probe: () => unknown): boolean {
  try {
    probe();
  } catch (error) {
    return !(error instanceof RtwqError && error.code === 'E_NOTIMPL');
  }
  return true;
}
