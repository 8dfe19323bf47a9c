// This copy of lib/ in this JavaScript thread: its unsettled operations, and the completions from the addon.
//
//   id      names an operation: its slot, plus 2 ** 26 times the number of earlier uses of the slot
//   slots   operation   (free)   operation   ...
//   ids     id in use   next id  id in use   ...
//
// A slot is claimed before the addon gets the operation. It is freed once, by what settles the operation: the completion that
// arrives in `settle`, or a `stop` that returns true. The id of a settled operation no longer matches its slot, so it names
// nothing.

import { onSwitch, requireAddon, requireRtworkq } from './binding';
import { forAll } from './context';
import { type Caller, type Ended, outcomeError, warn } from './errors';
import { later, nextTurn, now } from './host';
import type { NativeAddon, NativeEnvironment, NativeHooks, Outcome } from './native';
import {
  addSource,
  areEndsWatched,
  areStartsWatched,
  begun,
  delivered,
  describe,
  type End,
  ended,
  isMonitored,
  type Observable,
  type OperationKind,
} from './observation';

export const started = Symbol('started');
export const fired = Symbol('fired');
export const close = Symbol('close');
export const repeats = Symbol('repeats');
export const endOf = Symbol('endOf');
export const waitsOn = Symbol('waitsOn');

/** An operation as the environment sees it. The members are symbols, because users hold the object. */
export interface Operation extends Observable {
  /** The addon has the operation, under this id. Called before any user code can run. */
  [started]?(id: number): void;
  /** RTWorkQ invoked the callback. The meaning of `value` depends on the kind of operation. */
  [fired](status: number, firedAt: number, value: number): void;
  /** Something that it needs has ended: the platform, its work queue or its handle. Without this method, it settles by itself. */
  [close]?(ended: Ended): void;
  /** Whether it may stay pending on this queue indefinitely, instead of only until its turn. */
  [waitsOn]?(queue: object): boolean;
  /** Whether it stays pending after it has fired. */
  readonly [repeats]?: boolean;
  /** How it has ended, by the same values as `fired` gets, if that is not always 'fired'. */
  [endOf]?(status: number, firedAt: number, value: number): End;
}

/** Something whose end is a request: the waiter answers it. */
export interface Answerable {
  /** Calls back when it has settled, and keeps the process alive until then. */
  whenSettled(callback: () => void): void;
}

/** Something that keeps the platform up. */
export interface Holder {
  /** It no longer holds the platform. */
  end?(): void;
}

/** The thread's use of the platform. platform/platform.ts says what it means. */
export interface PlatformUse {
  /** What keeps the platform up. */
  readonly holders: Set<Holder>;
  /** Whether the addon has a lease for this thread. */
  acquired: boolean;
  /** The end of the use, while it waits for the last operations. */
  ending: Ending | undefined;
}

/** An end of the thread's use of the platform that is under way. */
export interface Ending {
  /** Adds a shutdown() to settle at the end. */
  addWaiter(waiter: PromiseWithResolvers<void>): void;
  /** Removes it: it does not wait any longer. */
  removeWaiter(waiter: PromiseWithResolvers<void>): void;
  /** The platform has been started again. */
  callOff(): void;
}

/** The native call that starts an operation under an id. */
export type Begin<T extends Operation = Operation> = (native: NativeEnvironment, id: number, operation: T) => Outcome;

const noop = (): void => {};

// What keeps the platform from shutting down, by the addon's numbers. The others are pending operations anyway, or end at once.
const HELD: readonly (OperationKind | undefined)[] = [
  undefined,
  'scheduleWorkItem',
  'putWorkItem',
  'putWorkItems',
  'invokeCallback',
  'putWaitingWorkItem',
  'close',
  undefined,
];

const NO_SHUTDOWN: Ended = { cause: undefined };
const FAILURE = -1;
const VALUES_PER_COMPLETION = 4;
const COMPLETIONS_PER_CALL = 1024;
const SLOTS = 2 ** 26;
// Keeps ids small integers for V8. By the time an id is reused, nothing holds the old one.
const LAST_ID = 2 ** 31 - 1;

/** Calls each, even if others throw; exceptions become uncaught afterwards. Of user code, only async_hooks may run in here. */
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
  /** Pending operations by key. A key is entered when it is first read. */
  readonly keys = new Map<bigint, { cancel(): boolean }>();
  /** The last native call's results, besides its outcome. */
  readonly out = new Float64Array(3);
  /** Add this to the native clock to get performance.now(). */
  readonly clockOffset: number;
  /** What ends with the platform, besides operations: work queues, their requests, MMCSS registrations. */
  readonly dependents = new Set<{ end(): void }>();
  readonly platform: PlatformUse = { holders: new Set(), acquired: false, ending: undefined };
  /** Pending waits of the waiter. */
  readonly waits = new Set<Answerable>();
  /** Mutexes that are waited for or held. */
  readonly mutexes = new Set<{ shutDown(ended: Ended): void }>();
  /** Open handles. */
  readonly handles = new Set<{ close(): void; end(ended: Ended): void }>();
  /** What the thread has and the platform does not end: MMCSS registrations of threads, requests for a timer resolution. */
  readonly leases = new Set<{ end(): void }>();
  /** The latest shutdown(). Iterators compare it, to see a shutdown() between two of their operations. */
  shutDown: Ended = NO_SHUTDOWN;

  // The addon holds them only while an operation is pending.
  readonly #hooks: NativeHooks;
  readonly #slots: (Operation | undefined)[] = [];
  readonly #ids: number[] = [];
  // Only the first #free entries count: shortening an array takes V8 longer than the rest of a start.
  readonly #freeSlots: number[] = [];
  #free = 0;
  readonly #batch = new Float64Array(COMPLETIONS_PER_CALL * VALUES_PER_COMPLETION);

  constructor(open: (hooks: NativeHooks) => NativeEnvironment) {
    const comeBack = () => {
      this.native.comeBack();
      // Gives the loop one more turn: what fires in comeBack() must arrive even if nothing else keeps the loop alive, as it does
      // after a turn that was not postponed.
      nextTurn(noop);
    };
    this.#hooks = {
      settle: (count) => this.#settle(count),
      putOff: () => nextTurn(comeBack),
      batch: this.#batch,
      out: this.out,
    };
    this.native = open(this.#hooks);
    this.clockOffset = clockOffset(this.native);
  }

  /** Starts an operation under a new id. A failure leaves nothing behind. `onStarted` runs before observers are notified. */
  start<T extends Operation>(operation: T, caller: Caller, begin: Begin<T>, onStarted?: () => void): void {
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
    onStarted?.();
    if (startedAt !== undefined && this.#find(id) === operation) begun(operation, startedAt, caller);
  }

  /** Settles an operation early, for the reason `why`. Returns false if its callback was first: its completion is on the way. */
  stop(id: number, closing: boolean, why?: Ended): boolean {
    if (!this.native.stop(id, closing)) return false;
    const operation = areEndsWatched() ? this.#find(id) : undefined;
    this.#vacate(id);
    if (operation) ended(operation, earlyEnd(why));
    return true;
  }

  /** Closes the pending operations that match. */
  closeAll(ended: Ended, matches: (operation: Operation) => boolean = () => true): void {
    callEach(this.#pending().filter(matches), (operation) => operation[close]?.(ended));
  }

  /** What is pending, and what RTWorkQ holds while an end of the platform waits. */
  pending(): Observable[] {
    return this.platform.ending ? [...this.#pending(), ...this.#held()] : this.#pending();
  }

  #pending(): Operation[] {
    return this.#slots.filter((operation) => operation !== undefined);
  }

  /** What has ended, although RTWorkQ still holds it. */
  #held(): Observable[] {
    const counts = new Uint32Array(HELD.length);
    this.native.held(counts);
    const pending = this.#pending().map((operation) => operation[describe]?.()?.kind);
    return HELD.flatMap((kind, index) => {
      if (kind === undefined) return [];
      const count = (counts[index] as number) - pending.filter((each) => each === kind).length;
      return Array.from({ length: Math.max(0, count) }, () => ({ [describe]: () => ({ kind, ref: false, held: true }) as const }));
    });
  }

  #claim(operation: Operation): number {
    // By index, here and below: programs may have changed array methods.
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

  /** Frees the slots of the whole batch before it settles anything: code that runs in between finds every operation settled. */
  #settle(count: number): void {
    const batch = this.#batch;
    const operations: (Operation | undefined)[] = [];
    for (let index = 0; index < count; index++) {
      const id = batch[index * VALUES_PER_COMPLETION] as number;
      const operation = this.#find(id);
      if (operation && !operation[repeats]) this.#vacate(id);
      operations[index] = operation;
    }
    const isWatched = isMonitored() || areEndsWatched();
    const deliveredAt = isWatched ? now() : 0;
    for (let index = 0, at = 0; index < count; index++, at += VALUES_PER_COMPLETION) {
      try {
        const status = batch[at + 1] as number;
        if (batch[at] === FAILURE) warn((batch[at + 3] as number) * 2 ** 32 + status, this.#settle);
        const operation = operations[index];
        if (!operation) continue;
        const firedAt = (batch[at + 2] as number) + this.clockOffset;
        const value = batch[at + 3] as number;
        if (isWatched) this.#observe(operation, status, batch[at + 2] === 0 ? undefined : firedAt, value, deliveredAt);
        operation[fired](status, firedAt, value);
      } catch (error) {
        throwLater(error);
      }
    }
  }

  #observe(operation: Operation, status: number, firedAt: number | undefined, value: number, deliveredAt: number): void {
    const end: End = (firedAt !== undefined && operation[endOf]?.(status, firedAt, value)) || {
      outcome: 'fired',
      status,
      ...(firedAt !== undefined && { firedAt }),
    };
    if (end.firedAt !== undefined && isMonitored()) delivered(operation, end.firedAt, deliveredAt);
    if (!operation[repeats] && areEndsWatched()) ended(operation, end);
  }

  /** Reports an operation that is over at once: nothing of it is pending. */
  reportInstant(operation: Operation, caller: Caller, startedAt: number, end: End): void {
    begun(operation, startedAt, caller);
    if (areEndsWatched()) ended(operation, end);
  }
}

/** What observers get for an operation that was ended early. */
export const earlyEnd = (why: Ended | undefined): End => ({ outcome: why?.by ? 'closed' : 'cancelled', ...(why && { cause: why.cause }) });

/** Measures the offset from the native clock to performance.now(), with the closest of a few pairs of readings. */
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

let current: Environment | undefined;
// One for each addon, because an environment lives as long as the thread.
const opened = new WeakMap<NativeAddon, Environment>();

let isSource = false;

onSwitch(() => {
  current = undefined;
  usable = undefined;
});

/** This thread's environment, if it has been opened. */
export const openedEnvironment = (): Environment | undefined => current;

/** This thread's environment, opened on first use. Without RTWorkQ.dll, only what needs no platform works. */
export function currentEnvironment(caller: Caller): Environment {
  if (!current) {
    const addon = requireAddon(caller);
    // Node keeps a context with the addon's thread-safe function.
    current = opened.get(addon) ?? forAll(() => new Environment(addon.open));
    opened.set(addon, current);
    // Once, and not earlier: what the environment has is listed last.
    if (!isSource) addSource(() => current?.pending() ?? []);
    isSource = true;
  }
  return current;
}

let usable: Environment | undefined;

/** The same, for everything that needs RTWorkQ.dll. */
export function rtworkqEnvironment(caller: Caller): Environment {
  if (!usable) {
    requireRtworkq(caller);
    usable = currentEnvironment(caller);
  }
  return usable;
}
