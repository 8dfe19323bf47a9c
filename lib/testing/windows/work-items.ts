// Work items: scheduled, put, invoked or waiting, one at a time or many together.

import type { Outcome } from '../../internal/native';
import type { Event } from './agenda';
import { hresultOf } from './failures';
import type { KernelObject, Waiter } from './objects';
import { type Channel, type Completion, type Hold, INVOKE, Operation, PUT, PUT_MANY, SCHEDULE, WAIT } from './operations';
import type { Lock } from './queues';
import type { Work } from './work';

const SHUT_DOWN = hresultOf('RTWQ_E_SHUTDOWN');

/** The results of work items that were put together. */
export interface Results {
  readonly status: number[];
  readonly firedAt: number[];
}

/** What the callback of a work item does: the queue's thread is busy until it calls back. */
function runWork(channel: Channel, work: Work | undefined, status: number, done: (status: number) => void): void {
  if (!work) {
    done(status);
    return;
  }
  const { agenda, now, running } = channel.machine;
  const finish = (): void => done((work.run(status) ?? 0) >>> 0);
  if (work.duration === 0) {
    finish();
    return;
  }
  const end = (): void => {
    running.delete(stop);
    finish();
  };
  const event = agenda.at(now + work.duration, end);
  const stop = (): void => {
    event.cancel();
    done(SHUT_DOWN);
  };
  running.add(stop);
}

export class WorkItem extends Operation implements Waiter {
  readonly #hold: Hold;
  readonly #lock: Lock;
  readonly #work: Work | undefined;
  /** 0 if it has none. */
  key = 0n;
  #status = 0;
  #firedAt = 0;
  // Of a scheduled item: when it is due.
  #event: Event | undefined;
  // Of a waiting item: what it waits for, and whether it has its signal.
  #object: KernelObject | undefined;
  #hasSignal = false;
  #priority = 0;

  constructor(channel: Channel, id: number, hold: Hold, lock: Lock, work: Work | undefined) {
    super(channel, id);
    this.#hold = hold;
    this.#lock = lock.hold();
    this.#work = work;
    channel.addHold(hold);
  }

  static schedule(item: WorkItem, milliseconds: number, key: bigint): Outcome {
    return item.#begin(item.#call('RtwqCreateAsyncResult', 'RtwqScheduleWorkItem'), () => {
      item.key = key;
      item.#event = item.machine.atTick(item.machine.now + milliseconds, () => item.#put());
    });
  }

  static put(item: WorkItem, priority: number): Outcome {
    item.#priority = priority;
    return item.#begin(item.#call('RtwqCreateAsyncResult', 'RtwqPutWorkItem'), () => item.#put());
  }

  static invoke(item: WorkItem, status: number): Outcome {
    item.#status = status;
    return item.#begin(item.#call('RtwqCreateAsyncResult', 'RtwqInvokeCallback'), () => item.#put());
  }

  static wait(item: WorkItem, object: KernelObject, priority: number, key: bigint): Outcome {
    item.#priority = priority;
    return item.#begin(item.#call('RtwqCreateAsyncResult', 'RtwqPutWaitingWorkItem'), () => {
      item.key = key;
      item.#object = object.refer();
      object.join(item);
      object.wake();
    });
  }

  canTake(): boolean {
    return true;
  }

  take(object: KernelObject): void {
    object.leave(this);
    object.consume(this);
    this.#hasSignal = true;
    this.#put();
  }

  override stop(): boolean {
    if (!this.leavePending()) return false;
    // What was put has no key: it stays on its queue and does nothing there.
    if (this.key !== 0n && this.channel.callUnseen('RtwqCancelWorkItem')) this.#cancel();
    return true;
  }

  override get holdsSignal(): boolean {
    return this.#hasSignal;
  }

  override delivered(received: boolean): void {
    if (!received) this.#restore();
    this.#dropObject();
  }

  completion(): Completion {
    return { status: this.#status, firedAt: this.#firedAt, value: 0 };
  }

  #call(...names: Parameters<Channel['machine']['failures']['call']>): Outcome {
    return this.machine.failures.call(...names);
  }

  #begin(outcome: Outcome, start: () => void): Outcome {
    if (outcome === 0) start();
    else this.#end();
    return outcome;
  }

  /** RTWorkQ drops it at once, or calls it later with a failure. */
  #cancel(): void {
    if (this.#event?.planned) {
      this.#event.cancel();
      this.#end();
    } else if (this.#object && !this.#hasSignal) {
      this.#object.leave(this);
      this.#put();
    }
  }

  #put(): void {
    this.#lock.queue.put({ priority: this.#priority, run: (done) => this.#invoke(done) });
  }

  #invoke(done: () => void): void {
    if (!this.leavePending()) {
      // Stopped, but it may have taken the signal.
      this.#restore();
      this.#end();
      done();
      return;
    }
    this.#firedAt = this.machine.now;
    runWork(this.channel, this.#work, this.#status, (status) => {
      this.#status = status;
      // The work has used the signal.
      if (this.#work) this.#hasSignal = false;
      this.report();
      if (!this.#hasSignal) this.#dropObject();
      this.#finish();
      done();
    });
  }

  #restore(): void {
    if (this.#hasSignal) this.#object?.restore();
    this.#hasSignal = false;
  }

  #dropObject(): void {
    this.#hasSignal = false;
    const object = this.#object;
    this.#object = undefined;
    object?.drop();
  }

  #end(): void {
    this.#dropObject();
    this.#finish();
  }

  #finish(): void {
    this.#lock.release();
    this.channel.releaseHold(this.#hold);
  }
}

export const HOLDS = { schedule: SCHEDULE, put: PUT, invoke: INVOKE, wait: WAIT } as const;

/** Items that were put together. The last one that is over reports. */
export class WorkItems extends Operation {
  readonly #lock: Lock;
  readonly #work: Work | undefined;
  readonly #results: Results = { status: [], firedAt: [] };
  readonly #keep: (results: Results) => number;
  #left = 0;
  #firedAt = 0;

  constructor(channel: Channel, id: number, lock: Lock, work: Work | undefined, keep: (results: Results) => number) {
    super(channel, id);
    this.#lock = lock.hold();
    this.#work = work;
    this.#keep = keep;
    channel.addHold(PUT_MANY);
  }

  put(count: number, priority: number): Outcome {
    // A share of its own, so that it cannot end before every item has been put.
    this.#left = 1;
    let outcome = 0;
    for (let index = 0; index < count && outcome === 0; index++) {
      outcome = this.machine.failures.call('RtwqCreateAsyncResult', 'RtwqPutWorkItem');
      if (outcome === 0) {
        this.#left++;
        this.#lock.queue.put({ priority, run: (done) => this.#invoke(done) });
      }
    }
    if (outcome !== 0) this.leavePending();
    this.#endOne();
    return outcome;
  }

  completion(): Completion {
    return { status: 0, firedAt: this.#firedAt, value: this.#keep(this.#results) };
  }

  #invoke(done: () => void): void {
    const end = (): void => {
      this.#endOne();
      done();
    };
    if (!this.pending) {
      end();
      return;
    }
    const index = this.#results.status.push(0) - 1;
    this.#results.firedAt.push(this.machine.now);
    runWork(this.channel, this.#work, 0, (status) => {
      this.#results.status[index] = status;
      end();
    });
  }

  #endOne(): void {
    if (--this.#left > 0) return;
    this.#firedAt = this.machine.now;
    if (this.leavePending()) this.report();
    this.#lock.release();
    this.channel.releaseHold(PUT_MANY);
  }
}
