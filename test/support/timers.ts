// Node's timers and ours, for tests that run on both, so that what they check of ours is true of Node's.

import nodeTimers from 'node:timers';
import nodePromises from 'node:timers/promises';
import * as timers from 'rtworkq/timers';
import * as promises from 'rtworkq/timers/promises';

export type Timers = typeof timers;
export type Promises = typeof promises;

export interface Kind {
  readonly kind: 'Node' | 'rtworkq';
  readonly timers: Timers;
  readonly promises: Promises;
}

export const ours: Kind = { kind: 'rtworkq', timers, promises };
export const node: Kind = { kind: 'Node', timers: nodeTimers as unknown as Timers, promises: nodePromises as unknown as Promises };

/** For describe.each. */
export const KINDS: readonly Kind[] = [node, ours];

/** What a call throws or rejects with: the properties that both must agree on. */
export async function agreed(call: () => unknown): Promise<object> {
  try {
    await call();
  } catch (error) {
    const { name, code, message, cause } = error as Error & { code?: unknown };
    return { type: Object.prototype.toString.call(error), text: String(error), name, code, message, cause };
  }
  return {};
}
