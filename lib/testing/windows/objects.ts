// Kernel objects, and the waits for them. A wait takes exactly what it completes with; what waits first comes first, unless the
// machine chooses otherwise.

import type { Machine } from './machine';

/** What waits for objects. */
export interface Waiter {
  /** Whether it would complete now, by this object. */
  canTake(object: KernelObject): boolean;
  /** Takes the signal. It may leave the object. */
  take(object: KernelObject): void;
}

export abstract class KernelObject {
  abstract readonly kind: 'event' | 'semaphore' | 'timer' | 'mutex' | 'process';
  readonly machine: Machine;
  readonly #waiters = new Set<Waiter>();
  #references = 0;
  /** Called when nothing refers to the object any more. */
  onUnreferenced = (): void => {};

  constructor(machine: Machine) {
    this.machine = machine;
  }

  abstract get signaled(): boolean;

  /** What a wait does to the object. */
  abstract consume(waiter: Waiter): void;

  /** Gives back a signal that a wait has taken, if that is possible. */
  restore(): void {}

  /** Whether a wait leaves it signaled. */
  get staysSignaled(): boolean {
    return false;
  }

  /** For a handle, or a wait's duplicate of one. */
  refer(): this {
    this.#references++;
    return this;
  }

  drop(): void {
    if (--this.#references > 0) return;
    this.end();
    this.onUnreferenced();
  }

  /** Nothing refers to it any more. */
  protected end(): void {}

  join(waiter: Waiter): void {
    this.#waiters.add(waiter);
  }

  leave(waiter: Waiter): void {
    this.#waiters.delete(waiter);
  }

  /** Lets waits take signals, for as long as there are both. */
  wake(): void {
    while (this.signaled) {
      const candidates = [...this.#waiters].filter((waiter) => waiter.canTake(this));
      if (candidates.length === 0) return;
      this.machine.choose(candidates).take(this);
    }
  }
}

export class EventObject extends KernelObject {
  readonly kind = 'event';
  readonly manualReset: boolean;
  #set: boolean;

  constructor(machine: Machine, manualReset: boolean, set: boolean) {
    super(machine);
    this.manualReset = manualReset;
    this.#set = set;
  }

  get signaled(): boolean {
    return this.#set;
  }

  override get staysSignaled(): boolean {
    return this.manualReset;
  }

  consume(): void {
    if (!this.manualReset) this.#set = false;
  }

  override restore(): void {
    if (!this.manualReset) this.set();
  }

  set(): void {
    this.#set = true;
    this.wake();
  }

  reset(): void {
    this.#set = false;
  }
}

export class SemaphoreObject extends KernelObject {
  readonly kind = 'semaphore';
  readonly #maximum: number;
  #count: number;

  constructor(machine: Machine, initial: number, maximum: number) {
    super(machine);
    this.#count = initial;
    this.#maximum = maximum;
  }

  get signaled(): boolean {
    return this.#count > 0;
  }

  consume(): void {
    this.#count--;
  }

  override restore(): void {
    this.release(1);
  }

  /** Returns the count before; undefined if it would exceed the maximum. */
  release(count: number): number | undefined {
    const before = this.#count;
    if (before + count > this.#maximum) return undefined;
    this.#count += count;
    this.wake();
    return before;
  }
}

export class ProcessObject extends KernelObject {
  readonly kind = 'process';
  readonly pid: number;
  readonly createdAt: number;
  #exitCode: number | undefined;
  /** Called when it has ended. */
  onExit = (): void => {};

  constructor(machine: Machine, pid: number) {
    super(machine);
    this.pid = pid;
    this.createdAt = machine.clock.systemTime();
  }

  get exitCode(): number | undefined {
    return this.#exitCode;
  }

  get signaled(): boolean {
    return this.#exitCode !== undefined;
  }

  override get staysSignaled(): boolean {
    return true;
  }

  consume(): void {}

  /** Returns false if it had already ended. */
  exit(code: number): boolean {
    if (this.#exitCode !== undefined) return false;
    this.#exitCode = code >>> 0;
    this.onExit();
    this.wake();
    // The process itself is gone; handles may be left.
    this.drop();
    return true;
  }
}

/** A mutex. What owns it is the waiter that has acquired it. */
export class MutexObject extends KernelObject {
  readonly kind = 'mutex';
  #owner: Waiter | undefined;
  #abandoned = false;
  /** Whether the latest owner has got it abandoned. */
  wasAbandoned = false;

  get owner(): Waiter | undefined {
    return this.#owner;
  }

  get signaled(): boolean {
    return this.#owner === undefined;
  }

  consume(waiter: Waiter): void {
    this.#owner = waiter;
    this.wasAbandoned = this.#abandoned;
    this.#abandoned = false;
  }

  release(): void {
    this.#owner = undefined;
    this.wake();
  }

  /** Its owner has ended. */
  abandon(): void {
    this.#abandoned = true;
    this.release();
  }
}
