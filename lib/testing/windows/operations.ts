// Operations, and their way to lib/. The same rules as the addon's channel: one state, settled once, at most one signal per turn.

import type { NativeHooks, Outcome } from '../../internal/native';
import { failed } from './failures';
import { FUNCTIONS, type WindowsFunction } from './functions';
import type { Machine } from './machine';

export interface Completion {
  readonly status: number;
  readonly firedAt: number;
  readonly value: number;
}

const FAILURE = -1;
const VALUES_PER_COMPLETION = 4;

/** What keeps the platform from being released, by the addon's numbers. */
export type Hold = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7;
export const [NOTHING, SCHEDULE, PUT, PUT_MANY, INVOKE, WAIT, QUEUE, OTHER] = [0, 1, 2, 3, 4, 5, 6, 7] as const;

export abstract class Operation {
  readonly channel: Channel;
  readonly id: number;
  readonly repeats: boolean = false;
  #pending = true;

  constructor(channel: Channel, id: number) {
    this.channel = channel;
    this.id = id;
  }

  get machine(): Machine {
    return this.channel.machine;
  }

  get pending(): boolean {
    return this.#pending;
  }

  /** Returns whether this call has ended the pending state. */
  leavePending(): boolean {
    const was = this.#pending;
    this.#pending = false;
    return was;
  }

  /** Settles it early. Returns false if that is only a request, or too late. */
  stop(): boolean {
    return this.leavePending();
  }

  abstract completion(): Completion;

  /** Whether its completion has taken a signal. */
  get holdsSignal(): boolean {
    return false;
  }

  /** Whether JavaScript has received the completion. */
  delivered(_received: boolean): void {}

  /** Gives back what it has taken, unless JavaScript has received it. */
  giveBack(): void {}

  /** Whether it can give back signals. */
  get givesBack(): boolean {
    return false;
  }

  report(): void {
    this.channel.report(this);
  }
}

/** Completes when something has ended. */
export class Notice extends Operation {
  #status = 0;
  #firedAt = 0;

  complete(status: number): void {
    if (!this.leavePending()) return;
    this.#status = status;
    this.#firedAt = this.machine.now;
    this.report();
  }

  completion(): Completion {
    return { status: this.#status, firedAt: this.#firedAt, value: 0 };
  }
}

/** A failed call for whose result no caller waits. */
class Failure extends Operation {
  readonly #status: number;
  readonly #name: WindowsFunction;

  constructor(channel: Channel, name: WindowsFunction, status: number) {
    super(channel, FAILURE);
    this.#name = name;
    this.#status = status;
  }

  completion(): Completion {
    return { status: this.#status, firedAt: 0, value: FUNCTIONS.indexOf(this.#name) };
  }
}

interface Slot {
  readonly operation: Operation;
  ref: boolean;
}

export class Channel {
  readonly machine: Machine;
  readonly #hooks: NativeHooks;
  readonly #slots = new Map<number, Slot>();
  readonly #held = new Uint32Array(8);
  #list: Operation[] = [];
  #idle: Notice | undefined;
  #refused = false;
  #refs = 0;

  constructor(machine: Machine, hooks: NativeHooks) {
    this.machine = machine;
    this.#hooks = hooks;
    machine.deliver = () => this.#deliver();
  }

  /** Whether an operation keeps the loop alive. */
  get isAlive(): boolean {
    return this.#refs > 0;
  }

  get isIdle(): boolean {
    return this.#held.every((count) => count === 0);
  }

  get hasUndelivered(): boolean {
    return this.#list.some((operation) => !operation.repeats);
  }

  get isQuiet(): boolean {
    return this.#list.length === 0;
  }

  /** The results of a call, besides its outcome. */
  get out(): Float64Array {
    return this.#hooks.out;
  }

  counts(counts: Uint32Array): void {
    counts.set(this.#held);
  }

  /** Adds an operation, and starts it. */
  begin(operation: Operation, ref: boolean, start: () => Outcome): Outcome {
    this.#slots.set(operation.id, { operation, ref });
    if (ref) this.#refs++;
    const outcome = start();
    if (outcome !== 0) this.#vacate(operation.id);
    return outcome;
  }

  find(id: number): Operation | undefined {
    return this.#slots.get(id)?.operation;
  }

  operations(): Operation[] {
    return [...this.#slots.values()].map(({ operation }) => operation);
  }

  stop(id: number): boolean {
    if (!this.find(id)?.stop()) return false;
    this.#vacate(id);
    return true;
  }

  setRef(id: number, ref: boolean): void {
    const slot = this.#slots.get(id);
    if (!slot || slot.ref === ref) return;
    slot.ref = ref;
    this.#refs += ref ? 1 : -1;
    this.machine.agenda.onChange();
  }

  report(operation: Operation): void {
    this.#list.push(operation);
    this.machine.clock.onWork();
  }

  /** Calls a function whose failure no caller sees. Returns whether it succeeded. */
  callUnseen(name: WindowsFunction): boolean {
    const status = this.machine.failures.take(name);
    if (status !== 0) this.report(new Failure(this, name, status));
    return status === 0;
  }

  addHold(hold: Hold): void {
    this.#held[hold] = (this.#held[hold] as number) + 1;
  }

  releaseHold(hold: Hold): void {
    this.#held[hold] = (this.#held[hold] as number) - 1;
    this.#checkIdle();
  }

  notifyWhenIdle(notice: Notice): void {
    this.#idle = notice;
    this.#checkIdle();
  }

  /** Completes what waits for an end: everything has ended. */
  finish(): void {
    this.#held.fill(0);
    this.#checkIdle();
    for (const operation of this.operations()) {
      if (operation instanceof Notice) operation.complete(0);
    }
  }

  refuse(): void {
    this.#refused = true;
  }

  /** Ends the waits, and gives back what JavaScript has not received. */
  endWaits(): void {
    const waits = this.operations().filter((operation) => operation.givesBack);
    for (const wait of waits) wait.stop();
    for (const wait of waits) wait.giveBack();
  }

  #vacate(id: number): void {
    this.setRef(id, false);
    this.#slots.delete(id);
  }

  #checkIdle(): void {
    if (!this.isIdle) return;
    const notice = this.#idle;
    this.#idle = undefined;
    notice?.complete(0);
  }

  #deliver(): boolean {
    let signalHolder: Operation | undefined;
    while (this.#list.length > 0 && !signalHolder) {
      const { batch } = this.#hooks;
      let count = 0;
      while (this.#list.length > 0 && count < batch.length / VALUES_PER_COMPLETION && !signalHolder) {
        const operation = this.#list.shift() as Operation;
        const { status, firedAt, value } = operation.completion();
        if (operation.id !== FAILURE && this.find(operation.id) !== operation) continue;
        batch.set([operation.id, status, firedAt, value], count++ * VALUES_PER_COMPLETION);
        if (!operation.repeats) this.#vacate(operation.id);
        if (operation.holdsSignal) signalHolder = operation;
      }
      if (count > 0) this.#hooks.settle(count);
      const refused = this.#refused;
      this.#refused = false;
      signalHolder?.delivered(!refused);
    }
    return this.#list.length > 0;
  }
}

/** The outcome for a number that is no open handle. */
export const noHandle = (name: WindowsFunction): Outcome => failed(name, 'E_HANDLE');
