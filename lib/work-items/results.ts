// The results of work items that were put together.

import type { Environment } from '../internal/environment';
import type { Index } from '../internal/native';

/** The results of {@link putWorkItems}: one entry per callback, in the order in which the callbacks began. */
export interface WorkItemsResult {
  /** The HRESULTs, as in {@link WorkItemResult.status}. */
  readonly status: Uint32Array;
  /** When RTWorkQ invoked the callbacks, as in {@link WorkItemResult.firedAt}. */
  readonly firedAt: Float64Array;
}

/** Allocated before anything is put, so that a call that runs out of memory fails without having put anything. */
export class Results implements WorkItemsResult {
  readonly status: Uint32Array;
  readonly firedAt: Float64Array;

  constructor(count: number) {
    this.status = new Uint32Array(count);
    this.firedAt = new Float64Array(count);
  }

  static {
    // biome-ignore lint/suspicious/noThenProperty: it exists to be undefined; work-item.ts says why.
    Object.defineProperties(Results.prototype, { then: { value: undefined }, constructor: { value: Object } });
  }

  get count(): number {
    return this.status.length;
  }

  take(environment: Environment, results: Index): this {
    environment.native.takeResults(results, this.status, this.firedAt, environment.clockOffset);
    return this;
  }
}
