// The waiter's waits: for any or all of several objects. A thread of the waiter decides; in the simulation it always decides at once.

import type { Outcome } from '../../internal/native';
import type { Event } from './agenda';
import { failed } from './failures';
import type { KernelObject, Waiter } from './objects';
import { type Channel, type Completion, Operation } from './operations';

const TIMEOUT = -1;
const REMOVED = -2;

/** More than these are taken one by one, not together. */
const TOGETHER = 64;

/** Fails if a wait for all cannot have these objects: the same one twice. */
export function checkDistinct(all: boolean, objects: readonly KernelObject[]): Outcome {
  const isAllowed = !all || objects.length > TOGETHER || new Set(objects).size === objects.length;
  return isAllowed ? 0 : failed('WaitForMultipleObjects', 'E_INVALIDARG');
}

/** Looks once. Returns the index of the object that decided it, or -1. */
export function poll(waiter: Waiter, all: boolean, objects: readonly KernelObject[]): number {
  if (all) {
    if (!objects.every((object) => object.signaled)) return -1;
    const taken: KernelObject[] = [];
    for (const object of objects) {
      // The same object may be there twice, but have one signal.
      if (!object.signaled) {
        for (const each of taken) each.restore();
        return -1;
      }
      object.consume(waiter);
      taken.push(object);
    }
    return objects.length - 1;
  }
  const index = objects.findIndex((object) => object.signaled);
  objects[index]?.consume(waiter);
  return index;
}

export class Wait extends Operation implements Waiter {
  readonly #all: boolean;
  readonly #objects: readonly KernelObject[];
  /** Of a wait for all that takes them one by one. */
  readonly #missing: Set<number>;
  #deadline: Event | undefined;
  #value = REMOVED;
  #firedAt = 0;
  #hasSignal = false;

  constructor(channel: Channel, id: number, all: boolean, objects: readonly KernelObject[]) {
    super(channel, id);
    this.#all = all;
    this.#objects = objects;
    this.#missing = new Set(objects.keys());
  }

  begin(timeout: number): void {
    const { agenda, now } = this.machine;
    for (const object of this.#objects) object.refer();
    for (const object of this.#objects) object.join(this);
    this.#deadline = agenda.timeoutAt(now + timeout, () => this.#end(TIMEOUT));
    for (const object of new Set(this.#objects)) {
      if (this.pending && object.signaled && this.canTake(object)) this.take(object);
    }
  }

  get #together(): boolean {
    return this.#objects.length <= TOGETHER;
  }

  canTake(object: KernelObject): boolean {
    if (!this.#all) return true;
    if (this.#together) return this.#objects.every((each) => each.signaled);
    return this.#objects.some((each, index) => each === object && this.#missing.has(index));
  }

  take(object: KernelObject): void {
    if (!this.#all) {
      object.consume(this);
      this.#succeed(this.#objects.indexOf(object));
    } else if (this.#together) {
      for (const each of this.#objects) each.consume(this);
      this.#succeed(this.#objects.length - 1);
    } else {
      this.#takeOne(object);
    }
  }

  #takeOne(object: KernelObject): void {
    const index = this.#objects.findIndex((each, at) => each === object && this.#missing.has(at));
    object.consume(this);
    this.#missing.delete(index);
    if (this.#missing.size === 0) this.#succeed(index);
    else if (object.signaled && this.canTake(object)) this.#takeOne(object);
  }

  /** A request. The answer is its completion. */
  override stop(): boolean {
    this.#end(REMOVED);
    return false;
  }

  override get holdsSignal(): boolean {
    return this.#hasSignal;
  }

  override get givesBack(): boolean {
    return true;
  }

  override delivered(received: boolean): void {
    if (!received) this.giveBack();
    this.#hasSignal = false;
  }

  override giveBack(): void {
    if (!this.#hasSignal) return;
    this.#hasSignal = false;
    if (this.#all) this.#restoreTaken();
    else this.#objects[this.#value]?.restore();
    this.#value = REMOVED;
  }

  completion(): Completion {
    for (const object of this.#objects) object.drop();
    return { status: 0, firedAt: this.#firedAt, value: this.#value };
  }

  #succeed(index: number): void {
    this.#hasSignal = true;
    if (this.#together) this.#missing.clear();
    this.#settle(index);
  }

  #end(value: number): void {
    if (!this.pending) return;
    if (this.#all && !this.#together) this.#restoreTaken();
    this.#settle(value);
  }

  #restoreTaken(): void {
    this.#objects.forEach((object, index) => {
      if (!this.#missing.has(index)) object.restore();
    });
    for (const index of this.#objects.keys()) this.#missing.add(index);
  }

  #settle(value: number): void {
    this.leavePending();
    this.#deadline?.cancel();
    this.#value = value;
    this.#firedAt = this.machine.now;
    for (const object of this.#objects) object.leave(this);
    this.report();
  }
}
