// What acquires and releases a mutex for one Mutex object: its thread, with a queue of acquisitions. While it owns the mutex, it does
// not wait for it.

import type { Outcome } from '../../internal/native';
import type { Event } from './agenda';
import { outcomeOf } from './failures';
import type { MutexObject, Waiter } from './objects';
import { type Channel, type Completion, Operation } from './operations';

const [REMOVED, TIMEOUT, ACQUIRED, ABANDONED] = [-2, -1, 0, 1] as const;
type End = typeof REMOVED | typeof TIMEOUT | typeof ACQUIRED | typeof ABANDONED;

const NOT_OWNER = 0x80070120;

export class Acquisition extends Operation {
  readonly #mutex: Mutex;
  #end: End = REMOVED;
  #firedAt = 0;
  #deadline: Event | undefined;
  #received = false;

  constructor(channel: Channel, id: number, mutex: Mutex) {
    super(channel, id);
    this.#mutex = mutex;
  }

  begin(timeout: number): void {
    const { agenda, now } = this.machine;
    this.#deadline = agenda.timeoutAt(now + timeout, () => this.#mutex.remove(this, TIMEOUT));
    this.#mutex.acquire(this);
  }

  /** A request. The answer is its completion. */
  override stop(): boolean {
    this.#mutex.remove(this, REMOVED);
    return false;
  }

  settle(end: End): void {
    this.#deadline?.cancel();
    this.#end = end;
    this.#firedAt = this.machine.now;
    if (this.leavePending()) this.report();
  }

  /** Whether JavaScript has the lock. */
  get received(): boolean {
    return this.#received;
  }

  get #acquired(): boolean {
    return this.#end >= ACQUIRED;
  }

  override get holdsSignal(): boolean {
    return this.#acquired;
  }

  override get givesBack(): boolean {
    return true;
  }

  override delivered(received: boolean): void {
    if (!received) this.giveBack();
  }

  override giveBack(): void {
    if (!this.#acquired) return;
    this.#end = REMOVED;
    this.#mutex.giveBack(this);
  }

  completion(): Completion {
    this.#received = this.#acquired;
    return { status: 0, firedAt: this.#firedAt, value: this.#end };
  }
}

export class Mutex implements Waiter {
  readonly #object: MutexObject;
  readonly #queue: Acquisition[] = [];
  #owner: Acquisition | undefined;
  #wasAbandoned = false;

  constructor(object: MutexObject) {
    this.#object = object;
  }

  acquire(acquisition: Acquisition): void {
    this.#queue.push(acquisition);
    this.#want();
  }

  canTake(): boolean {
    return true;
  }

  take(object: MutexObject): void {
    object.leave(this);
    object.consume(this);
    this.#wasAbandoned = object.wasAbandoned;
    this.#owner = this.#queue.shift() as Acquisition;
    this.#owner.settle(this.#wasAbandoned ? ABANDONED : ACQUIRED);
  }

  /** Takes an acquisition out of the queue, if it is there. */
  remove(acquisition: Acquisition, end: End): void {
    const index = this.#queue.indexOf(acquisition);
    if (index < 0) return;
    this.#queue.splice(index, 1);
    if (this.#queue.length === 0) this.#object.leave(this);
    acquisition.settle(end);
  }

  release(): Outcome {
    if (!this.#owner) return outcomeOf('ReleaseMutex', NOT_OWNER);
    this.#leave(false);
    this.#want();
    return 0;
  }

  giveBack(acquisition: Acquisition): void {
    if (this.#owner !== acquisition) return;
    // Releasing it would hide that its last holder has died.
    this.#leave(this.#wasAbandoned);
    this.#want();
  }

  /** Releases the mutex, and ends all that waits in the queue. */
  end(): void {
    this.#object.leave(this);
    const owner = this.#owner;
    const queue = this.#queue.splice(0);
    if (owner) this.#leave(!owner.received && this.#wasAbandoned);
    for (const acquisition of queue) acquisition.settle(REMOVED);
  }

  #leave(abandons: boolean): void {
    this.#owner = undefined;
    // Its own next acquisition competes with other objects.
    if (this.#queue.length > 0) this.#object.join(this);
    if (abandons) this.#object.abandon();
    else this.#object.release();
  }

  #want(): void {
    if (this.#owner || this.#queue.length === 0) return;
    this.#object.join(this);
    if (this.#object.signaled) this.#object.wake();
  }
}
