// This copy of lib/ in this JavaScript thread: the slots of its unsettled operations, and the calls from the addon.
//
//   slot    0        1        2      ...        a small number that names an operation to the addon
//   items   item     (free)   item
//
// A slot is claimed before the addon hears of the operation and freed by whoever settles it, once: the completion that
// comes through `settle`, or a `stop` that says true.

import { performance } from 'node:perf_hooks';
import { type Caller, outcomeError } from './errors';
import type { NativeEnvironment, NativeHooks, Outcome } from './native';

export const fired = Symbol('fired');
export const close = Symbol('close');
export const repeats = Symbol('repeats');
export const waitsOn = Symbol('waitsOn');

/** Why operations are closed: the error that they reject with. */
export interface Closing {
  readonly code: string;
  readonly syscall: string;
  readonly detail: string;
}

/** An operation as the environment sees it. The names are symbols, because users hold the object. None of it throws. */
export interface Operation {
  /** RTWorkQ invoked the callback. `value` is what the kind of operation has to say besides. */
  [fired](status: number, firedAt: number, value: number): void;
  /** The platform or the work queue is being shut down. Without it, the operation is left to settle by itself. */
  [close]?(closing: Closing): void;
  /** Whether it goes on after it has fired. */
  readonly [repeats]?: boolean;
}

/** The native call that starts an operation in a slot. */
export type Begin = (native: NativeEnvironment, slot: number) => Outcome;

const VALUES_PER_COMPLETION = 4;
const COMPLETIONS_PER_CALL = 1024;

export class Environment {
  readonly native: NativeEnvironment;
  /** Operations by key, for as long as they are pending; a key is entered when somebody has asked for it. */
  readonly keys = new Map<bigint, { cancel(): boolean }>();
  /** What the last native call gave besides its outcome. */
  readonly out = new Float64Array(3);
  /** The work queues that are open. They end with the platform. */
  readonly queues = new Set<{ platformEnds(): void }>();
  /** What queues were asked for. It ends with the queue, or with the platform. */
  readonly requests = new Set<{ readonly queue: object; dispose(): void }>();

  readonly #items: (Operation | undefined)[] = [];
  readonly #freeSlots: number[] = [];
  readonly #batch = new Float64Array(COMPLETIONS_PER_CALL * VALUES_PER_COMPLETION);
  readonly #clockOffset: number;

  /** @param released is called with what became of a giveBack() that had to wait. */
  constructor(open: (hooks: NativeHooks) => NativeEnvironment, released: (outcome: Outcome) => void) {
    this.native = open({ settle: (count) => this.#settle(count), released, batch: this.#batch, out: this.out });
    this.#clockOffset = clockOffset(this.native);
  }

  /** Starts an operation in a slot of its own; a failure leaves nothing behind. */
  start(operation: Operation, caller: Caller, begin: Begin): number {
    const slot = this.#freeSlots.pop() ?? this.#items.length;
    this.#items[slot] = operation;
    let outcome: Outcome | undefined;
    try {
      outcome = begin(this.native, slot);
    } finally {
      if (outcome !== 0) this.#free(slot);
    }
    if (outcome !== 0) throw outcomeError(outcome, caller);
    return slot;
  }

  /** Settles an operation from here. False when its callback was first: its completion is on the way. */
  stop(slot: number, closing: boolean): boolean {
    if (!this.native.stop(slot, closing)) return false;
    this.#free(slot);
    return true;
  }

  /** Closes the pending operations that are chosen. */
  closeAll(closing: Closing, chosen: (operation: Operation) => boolean = () => true): void {
    for (const operation of this.#items) if (operation && chosen(operation)) operation[close]?.(closing);
  }

  /** Ends what the queue was asked for, or what all were. */
  endRequests(queue?: object): void {
    for (const request of this.requests) if (!queue || request.queue === queue) request.dispose();
  }

  #free(slot: number): void {
    this.#items[slot] = undefined;
    this.#freeSlots.push(slot);
  }

  #settle(count: number): void {
    const batch = this.#batch;
    for (let at = 0; at < count * VALUES_PER_COMPLETION; at += VALUES_PER_COMPLETION) {
      const slot = batch[at] as number;
      const operation = this.#items[slot];
      if (!operation?.[repeats]) this.#free(slot);
      operation?.[fired](batch[at + 1] as number, (batch[at + 2] as number) + this.#clockOffset, batch[at + 3] as number);
    }
  }
}

/** What to add to the native clock to get performance.now()'s, from the closest of a few pairs of readings. */
function clockOffset(native: NativeEnvironment): number {
  let offset = 0;
  let closest = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < 10; attempt++) {
    const before = performance.now();
    const middle = native.now();
    const after = performance.now();
    if (after - before >= closest) continue;
    closest = after - before;
    offset = (before + after) / 2 - middle;
  }
  return offset;
}
