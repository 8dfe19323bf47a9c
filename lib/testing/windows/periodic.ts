// What RTWorkQ calls repeatedly: periodic callbacks, and the observers of the platform's start and end.

import type { Outcome } from '../../internal/native';
import type { Event } from './agenda';
import { type Channel, type Completion, Operation, OTHER } from './operations';

/** Nominal; ticks make it longer. */
const PERIOD = 10;

export class PeriodicCallback extends Operation {
  override readonly repeats = true;
  #event: Event | undefined;
  #calls = 0;
  #firedAt = 0;

  add(): Outcome {
    const outcome = this.machine.failures.call('RtwqAddPeriodicCallback');
    if (outcome !== 0) return outcome;
    this.channel.addHold(OTHER);
    this.#plan(this.machine.now + PERIOD);
    return 0;
  }

  override stop(): boolean {
    if (!this.leavePending()) return false;
    this.channel.callUnseen('RtwqRemovePeriodicCallback');
    this.#event?.cancel();
    this.channel.releaseHold(OTHER);
    return true;
  }

  completion(): Completion {
    const calls = this.#calls;
    this.#calls = 0;
    return { status: 0, firedAt: this.#firedAt, value: calls };
  }

  #plan(at: number): void {
    const event = this.machine.atTick(at, () => {
      this.#firedAt = this.machine.now;
      this.#plan(event.at + PERIOD);
      if (this.#calls++ === 0) this.report();
    });
    this.#event = event;
  }
}

/** The events, by the numbers that completions have. */
export const [INITIALIZATION_COMPLETE, SHUTDOWN_START, SHUTDOWN_COMPLETE] = [1, 2, 3] as const;

const EVENTS_PER_COMPLETION = 4 ** 26;

export class PlatformEvents extends Operation {
  override readonly repeats = true;
  readonly #onEnd: () => void;
  #events = 0;
  #firedAt = 0;

  constructor(channel: Channel, id: number, onEnd: () => void) {
    super(channel, id);
    this.#onEnd = onEnd;
  }

  note(event: number): void {
    const isFirst = this.#events === 0;
    this.#firedAt = this.machine.now;
    this.#events = (this.#events * 4 + event) % EVENTS_PER_COMPLETION;
    if (isFirst) this.report();
  }

  override stop(): boolean {
    if (!this.leavePending()) return false;
    this.#onEnd();
    this.channel.callUnseen('RtwqUnregisterPlatformEvents');
    return true;
  }

  completion(): Completion {
    const events = this.#events;
    this.#events = 0;
    return { status: 0, firedAt: this.#firedAt, value: events };
  }
}
