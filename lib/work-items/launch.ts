// What a work item needs until it has settled. One record per work item.

import type { SignalLink } from '../internal/abort-signal';
import type { Environment } from '../internal/environment';
import type { AbortError } from '../internal/errors';
import type { PendingWaits } from '../internal/handle-state';
import type { Index, Outcome } from '../internal/native';
import type { OperationKind } from '../internal/observation';
import type { QueueState } from '../internal/queue-state';
import type { Results } from './results';

/** What all work items of one function have in common. Static, to avoid closures: there are hundreds of thousands a second. */
export interface Kind {
  readonly name: OperationKind;
  /** Whether such an item may stay pending indefinitely, instead of only until its turn on the queue. */
  readonly waits: boolean;
  /** Calls the addon. */
  begin(id: number, launch: Launch): Outcome;
}

/** What only some kinds have. */
export interface Details {
  /** The handle that it waits for, and the set of waits that end with the handle. */
  readonly handle?: Index | bigint;
  readonly waits?: PendingWaits | undefined;
  /** The error for an early end, created at the start for the sake of its stack. */
  readonly aborted?: AbortError;
  /** Receives the results of work items that were put together. */
  readonly results?: Results;
}

const NO_DETAILS: Details = {};

/** A class, so that V8 sees one shape. */
export class Launch {
  readonly kind: Kind;
  readonly environment: Environment;
  readonly queue: QueueState;
  readonly signal: SignalLink | undefined;
  readonly work: unknown;
  readonly ref: boolean;
  /** In milliseconds, of scheduleWorkItem. */
  delay = 0;
  /** Of an item that is put or waits. */
  priority = 0;
  /** The HRESULT of invokeCallback. */
  status = 0;
  details = NO_DETAILS;

  constructor(
    kind: Kind,
    environment: Environment,
    queue: QueueState,
    signal: SignalLink | undefined,
    { work, ref = true }: { readonly work?: unknown; readonly ref?: boolean | undefined },
  ) {
    this.kind = kind;
    this.environment = environment;
    this.queue = queue;
    this.signal = signal;
    this.work = work;
    this.ref = ref;
  }
}
