// A clock that stands still, except in advance() and runAll(). What takes no time goes on in turns of the event loop.

import { codedError } from '../internal/errors';
import { type Host, type HostTimer, ownHost } from '../internal/own-host';
import type { SimulatedClock } from './simulated-clock';
import type { Machine } from './windows/machine';

// In milliseconds: sixty sixtieths of a second are a second.
const ROUNDING = 1e-6;

// In turns. Code that awaits something goes on in the first, and what it starts is delivered in the second.
const QUIET_TURNS = 2;

export class ManualClock implements SimulatedClock {
  readonly host: Host;
  // A fake Date counts too.
  readonly #startedAt = globalThis.Date.now();
  #machine: Machine | undefined;
  #time = 0;
  /** Turns that the package or the machine has asked for. */
  #turns = 0;
  #willStep = false;
  #ended = false;
  /** The end of the call that moves the time. */
  #moved: Promise<void> = Promise.resolve();

  constructor() {
    this.host = {
      now: () => this.now(),
      systemTime: () => this.systemTime(),
      later: ownHost.later,
      nextTurn: (callback, ref) => this.#nextTurn(callback, ref),
      startTimer: (callback, milliseconds) => this.#startTimer(callback, milliseconds),
    };
  }

  run(machine: Machine): void {
    this.#machine = machine;
    machine.agenda.onChange = () => {
      if (machine.isDue) this.onWork();
    };
  }

  now(): number {
    return this.#time;
  }

  systemTime(): number {
    return this.#startedAt + this.#time;
  }

  holdStill<T>(action: () => T): T {
    return action();
  }

  onWork(): void {
    if (this.#willStep) return;
    this.#willStep = true;
    this.#nextTurn(() => {
      this.#willStep = false;
      if (this.#machine?.turn()) this.onWork();
    }, true);
  }

  end(): void {
    this.#ended = true;
  }

  /** Moves the time, after an earlier call has. */
  advance(milliseconds: number): Promise<void> {
    return this.#move(() => this.#time + milliseconds);
  }

  /** Moves the time until nothing is left to happen; rejects after too many events. */
  runAll(limit: number): Promise<void> {
    return this.#move(() => Number.POSITIVE_INFINITY, limit);
  }

  #move(target: () => number, limit = Number.POSITIVE_INFINITY): Promise<void> {
    const moved = this.#moved.then(() => this.#moveTo(target(), limit));
    this.#moved = moved.catch(() => {});
    return moved;
  }

  async #moveTo(target: number, limit: number): Promise<void> {
    const { agenda } = this.#machine as Machine;
    await this.#settle();
    for (let count = 0; !this.#ended; count++) {
      const event = agenda.take(target + ROUNDING);
      if (!event) break;
      if (count === limit) {
        agenda.at(event.at, () => event.run());
        const message = `After ${limit} events there are still more. Something may repeat without an end.`;
        throw codedError(Error, 'ERR_OPERATION_FAILED', message, this.runAll);
      }
      this.#time = Math.max(this.#time, event.at);
      event.run();
      await this.#settle();
    }
    if (target < Number.POSITIVE_INFINITY && !this.#ended) this.#time = Math.max(this.#time, target);
  }

  /** Waits until nothing is left that takes no time. */
  async #settle(): Promise<void> {
    for (let quiet = 0; quiet < QUIET_TURNS; ) {
      await new Promise<void>((resolve) => ownHost.nextTurn(resolve, true));
      quiet = this.#turns === 0 ? quiet + 1 : 0;
    }
  }

  #nextTurn(callback: () => void, ref: boolean): void {
    this.#turns++;
    ownHost.nextTurn(() => {
      this.#turns--;
      callback();
    }, ref);
  }

  #startTimer(callback: () => void, milliseconds: number): HostTimer {
    const event = (this.#machine as Machine).agenda.at(this.#time + milliseconds, callback);
    return { setRef: () => {}, stop: () => event.cancel() };
  }
}
