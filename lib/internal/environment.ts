// This copy of lib/ in this JavaScript thread: the operations that have not settled, and the completions from the addon.
//
//   id      a name for an operation: its slot, and how often the slot was used before, times 2 ** 26
//   slots   operation   (free)   operation   ...
//   ids     id in use   next id  id in use   ...
//
// A slot is claimed before the addon hears of the operation and freed by whoever settles it, once: the completion that
// comes through `settle`, or a `stop` that says true. An id that was settled before is no slot's any more and names nothing.

import { AsyncLocalStorage } from 'node:async_hooks';
import nodeTimers from 'node:timers';
import { requireAddon } from './binding';
import { now } from './clock';
import { type Caller, type Ended, outcomeError } from './errors';
import { later } from './later';
import type { NativeEnvironment, NativeHooks, Outcome } from './native';
import { addSource, areEndsWatched, areStartsWatched, begun, type End, ended, heard, isMonitored, type Observable } from './observation';

// Node's own, because programs put another in its place.
const { setImmediate } = nodeTimers;

export const started = Symbol('started');
export const fired = Symbol('fired');
export const close = Symbol('close');
export const repeats = Symbol('repeats');
export const lingers = Symbol('lingers');
export const waitsOn = Symbol('waitsOn');

/** An operation as the environment sees it. The names are symbols, because users hold the object. */
export interface Operation extends Observable {
  /** The addon has it, under this id. Comes before anything of the user's can. */
  [started]?(id: number): void;
  /** RTWorkQ invoked the callback. `value` is what the kind of operation has to say besides. */
  [fired](status: number, firedAt: number, value: number): void;
  /** What it needs has ended: the platform, its work queue, its handle. Without it, it is left to settle by itself. */
  [close]?(ended: Ended): void;
  /** Whether it may stay pending for any time on that queue, rather than for its turn. */
  [waitsOn]?(queue: object): boolean;
  /** Whether it goes on after it has fired. */
  readonly [repeats]?: boolean;
  /** Whether nobody needs it for now. It goes when nothing else holds the platform. */
  readonly [lingers]?: boolean;
}

/** The native call that starts an operation under an id. */
export type Begin<T extends Operation = Operation> = (native: NativeEnvironment, id: number, operation: T) => Outcome;

const nothing = (): void => {};

const NEVER: Ended = { cause: undefined };
const VALUES_PER_COMPLETION = 4;
const COMPLETIONS_PER_CALL = 1024;
const SLOTS = 2 ** 26;
// So that ids are small integers to the engine. By the time that one comes again, nobody has the old one.
const LAST_ID = 2 ** 31 - 1;

/**
 * Calls each, whatever the others throw; what was thrown becomes an uncaught exception afterwards. Nothing of the user's is
 * meant to run in there, but the hooks of async_hooks do.
 */
export function callEach<T>(all: Iterable<T>, call: (each: T) => void): void {
  for (const each of all) {
    try {
      call(each);
    } catch (error) {
      throwLater(error);
    }
  }
}

function throwLater(error: unknown): void {
  later(() => {
    throw error;
  });
}

export class Environment {
  readonly native: NativeEnvironment;
  /** Operations by key, for as long as they are pending; a key is entered when somebody has asked for it. */
  readonly keys = new Map<bigint, { cancel(): boolean }>();
  /** What the last native call gave besides its outcome. */
  readonly out = new Float64Array(3);
  /** What to add to the native clock to get performance.now()'s. */
  readonly clockOffset: number;
  /** What ends with the platform besides operations: work queues, what they were asked for, what they are registered as. */
  readonly dependents = new Set<{ end(): void }>();
  /** The latest shutdown(): what goes on from one operation to the next sees by it that there was one in between. */
  shutDown: Ended = NEVER;

  readonly #slots: (Operation | undefined)[] = [];
  readonly #ids: number[] = [];
  // The first #free of these count: to make an array shorter takes the engine longer than the rest of a start.
  readonly #freeSlots: number[] = [];
  #free = 0;
  readonly #batch = new Float64Array(COMPLETIONS_PER_CALL * VALUES_PER_COMPLETION);

  constructor(open: (hooks: NativeHooks) => NativeEnvironment) {
    const comeBack = () => {
      this.native.comeBack();
      // What fires in there comes although nothing may keep the loop alive, as after a turn that was not put off.
      setImmediate(nothing);
    };
    this.native = open({
      settle: (count) => this.#settle(count),
      putOff: () => setImmediate(comeBack),
      batch: this.#batch,
      out: this.out,
    });
    this.clockOffset = clockOffset(this.native);
    addSource(() => this.#slots.filter((operation) => operation !== undefined));
  }

  /**
   * Starts an operation under an id of its own; a failure leaves nothing behind. `placed` is called when it has started, before
   * anybody is told.
   */
  start<T extends Operation>(operation: T, caller: Caller, begin: Begin<T>, placed?: () => void): void {
    const startedAt = areStartsWatched() ? now() : undefined;
    const id = this.#claim(operation);
    let outcome: Outcome | undefined;
    try {
      outcome = begin(this.native, id, operation);
    } finally {
      if (outcome !== 0) this.#vacate(id);
    }
    if (outcome !== 0) throw outcomeError(outcome, caller);
    operation[started]?.(id);
    placed?.();
    if (startedAt !== undefined && this.#find(id) === operation) begun(operation, startedAt, caller);
  }

  /** Settles an operation from here; `why` is told. False when its callback was first: its completion is on the way. */
  stop(id: number, closing: boolean, why?: Ended): boolean {
    if (!this.native.stop(id, closing)) return false;
    const operation = areEndsWatched() ? this.#find(id) : undefined;
    this.#vacate(id);
    if (operation) ended(operation, early(why));
    return true;
  }

  /** Closes the pending operations that are chosen. */
  closeAll(ended: Ended, chosen: (operation: Operation) => boolean = () => true): void {
    const pending = this.#slots.filter((operation) => operation !== undefined && chosen(operation));
    callEach(pending, (operation) => operation?.[close]?.(ended));
  }

  #claim(operation: Operation): number {
    // By index, here and below: programs may have changed the methods of arrays.
    const slot = this.#free > 0 ? (this.#freeSlots[--this.#free] as number) : this.#slots.length;
    this.#slots[slot] = operation;
    this.#ids[slot] ??= slot;
    return this.#ids[slot];
  }

  #find(id: number): Operation | undefined {
    const slot = id & (SLOTS - 1);
    return this.#ids[slot] === id ? this.#slots[slot] : undefined;
  }

  #vacate(id: number): void {
    const slot = id & (SLOTS - 1);
    if (this.#ids[slot] !== id) return;
    this.#slots[slot] = undefined;
    this.#ids[slot] = id + SLOTS > LAST_ID ? slot : id + SLOTS;
    this.#freeSlots[this.#free++] = slot;
  }

  /** All of the batch leaves its slots before any of it is told: whatever runs in between finds it settled. */
  #settle(count: number): void {
    const batch = this.#batch;
    const told: (Operation | undefined)[] = [];
    for (let index = 0; index < count; index++) {
      const id = batch[index * VALUES_PER_COMPLETION] as number;
      const operation = this.#find(id);
      if (operation && !operation[repeats]) this.#vacate(id);
      told[index] = operation;
    }
    const isWatched = isMonitored() || areEndsWatched();
    const heardAt = isWatched ? now() : 0;
    for (let index = 0, at = 0; index < count; index++, at += VALUES_PER_COMPLETION) {
      try {
        const operation = told[index];
        if (!operation) continue;
        const status = batch[at + 1] as number;
        const firedAt = (batch[at + 2] as number) + this.clockOffset;
        if (isWatched) this.#observe(operation, status, batch[at + 2] === 0 ? undefined : firedAt, heardAt);
        operation[fired](status, firedAt, batch[at + 3] as number);
      } catch (error) {
        throwLater(error);
      }
    }
  }

  #observe(operation: Operation, status: number, firedAt: number | undefined, heardAt: number): void {
    if (firedAt !== undefined && isMonitored()) heard(operation, firedAt, heardAt);
    if (!operation[repeats] && areEndsWatched()) ended(operation, { outcome: 'fired', status, ...(firedAt !== undefined && { firedAt }) });
  }
}

/** What is told of an operation that was ended early. */
const early = (why: Ended | undefined): End => ({ outcome: why?.by ? 'closed' : 'cancelled', ...(why && { cause: why.cause }) });

/** What to add to the native clock to get performance.now()'s, from the closest of a few pairs of readings. */
function clockOffset(native: NativeEnvironment): number {
  let offset = 0;
  let closest = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < 10; attempt++) {
    const before = now();
    const middle = native.now();
    const after = now();
    if (after - before >= closest) continue;
    closest = after - before;
    offset = (before + after) / 2 - middle;
  }
  return offset;
}

// What Node keeps with the addon's way back to JavaScript is the async context of this file's load, and not that of whoever
// calls the package first.
export const inContextOfLoad = AsyncLocalStorage.snapshot();

let current: Environment | undefined;

/** This thread's environment, opened on first use. */
export function currentEnvironment(caller: Caller): Environment {
  if (!current) {
    const { open } = requireAddon(caller);
    current = inContextOfLoad(() => new Environment(open));
  }
  return current;
}
