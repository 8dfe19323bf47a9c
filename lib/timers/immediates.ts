// Immediates: Node's own, because they have no delay to keep. If fakes were in their place when the package was loaded, it uses the
// shortest timers until they are gone.

import nodeTimers from 'node:timers';
import { isFake } from '../internal/host';
import { SHORTEST } from './delay';
import { clearTimeout, setTimeout } from './timeout';

const setOwn = ((callback: () => void, ...args: []) => {
  const { setImmediate } = nodeTimers;
  return isFake(setImmediate) ? setTimeout(callback, SHORTEST, ...args) : setImmediate(callback, ...args);
}) as unknown as typeof nodeTimers.setImmediate;

/** Takes both kinds: one may have been set under fakes, and be cleared later. */
const clearOwn: typeof nodeTimers.clearImmediate = (immediate) => {
  clearTimeout(immediate as unknown as NodeJS.Timeout);
  nodeTimers.clearImmediate(immediate);
};

const areFake = isFake(nodeTimers.setImmediate);

export const setImmediate: typeof nodeTimers.setImmediate = areFake ? setOwn : nodeTimers.setImmediate;
export const clearImmediate: typeof nodeTimers.clearImmediate = areFake ? clearOwn : nodeTimers.clearImmediate;
