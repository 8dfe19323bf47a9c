// What work items that are put together resolve to.

import type { Environment } from '../internal/environment';
import type { Index } from '../internal/native';

/**
 * What the work items of {@link putWorkItems} have come to: one place for each callback, in the order in which the callbacks
 * began.
 */
export interface WorkItemsResult {
  /** The HRESULTs, as in {@link WorkItemResult.status}. */
  readonly status: Uint32Array;
  /** When RTWorkQ invoked the callbacks, as in {@link WorkItemResult.firedAt}. */
  readonly firedAt: Float64Array;
}

/** Made before anything is put, so that a call for which there is no memory fails and has put nothing. */
export class Results implements WorkItemsResult {
  readonly status: Uint32Array;
  readonly firedAt: Float64Array;

  constructor(count: number) {
    this.status = new Uint32Array(count);
    this.firedAt = new Float64Array(count);
  }

  static {
    // biome-ignore lint/suspicious/noThenProperty: it is there to be undefined; work-item.ts says why.
    Object.defineProperties(Results.prototype, { then: { value: undefined }, constructor: { value: Object } });
  }

  take(environment: Environment, results: Index): this {
    environment.native.takeResults(results, this.status, this.firedAt, environment.clockOffset);
    return this;
  }
}
