// RtwqSetDeadline, RtwqSetDeadline2, RtwqCancelDeadline.

import { rtworkqEnvironment } from '../internal/environment';
import { argumentValueError, type Caller } from '../internal/errors';
import { now } from '../internal/host';
import { showAs } from '../internal/inspection';
import { optionsReader } from '../internal/options';
import { queueState } from '../internal/queue-state';
import { owner } from '../internal/self';
import { optional, validateMilliseconds } from '../internal/validation';
import { Request } from './request';

interface AnyDeadlineOptions {
  /** How long from now until the queue may start to hurry, in milliseconds; not later than the deadline. */
  preDeadline?: number | undefined;
}

/** A deadline relative to now. */
export interface RelativeDeadlineOptions extends AnyDeadlineOptions {
  /** How long from now, in milliseconds, to the nearest 0.0001. */
  inMilliseconds: number;
  at?: undefined;
}

/** A deadline at a point in time. */
export interface AbsoluteDeadlineOptions extends AnyDeadlineOptions {
  inMilliseconds?: undefined;
  /** The time, in milliseconds on the clock of this thread's `performance.now()`. */
  at: number;
}

/** Options of {@link WorkQueue.setDeadline}: either `inMilliseconds` or `at`. */
export type DeadlineOptions = RelativeDeadlineOptions | AbsoluteDeadlineOptions;

/** A work queue's deadline. It ends with the queue, so keep the {@link WorkQueue} for as long as you need it. */
export interface Deadline extends Disposable {
  /**
   * Cancels the deadline (`RtwqCancelDeadline`).
   *
   * @returns false if it had already ended.
   * @throws {@link RtwqError} if the call fails.
   */
  cancel(): boolean;
}

const UNITS_PER_MILLISECOND = 10_000;
const SMALLEST = 1 / UNITS_PER_MILLISECOND;

class QueueDeadline extends Request implements Deadline {
  static {
    showAs(QueueDeadline, 'Deadline', ({ pending }) => ({ pending }));
  }

  cancel(): boolean {
    const own = owner(this, QueueDeadline, 'Deadline', 'cancel');
    return own.end(own.cancel);
  }

  [Symbol.dispose](): void {
    owner(this, QueueDeadline, 'Deadline', 'cancel').dispose();
  }
}

const toUnits = (milliseconds: number): number => Math.round(milliseconds * UNITS_PER_MILLISECOND);

const read = optionsReader(({ inMilliseconds, at, preDeadline }: DeadlineOptions) => ({ inMilliseconds, at, preDeadline }));

export function setDeadline(queue: unknown, options: DeadlineOptions, caller: Caller): Deadline {
  rtworkqEnvironment(caller);
  const { inMilliseconds, at, preDeadline } = read(options, caller);
  if ((inMilliseconds === undefined) === (at === undefined)) {
    throw argumentValueError('options', 'must have either inMilliseconds or at, not both', options, caller);
  }
  const deadline =
    at === undefined
      ? validateMilliseconds(inMilliseconds, 'options.inMilliseconds', SMALLEST, caller)
      : validateMilliseconds(at, 'options.at', now() + SMALLEST, caller) - now();
  const first = optional(preDeadline, undefined, (value) => validateMilliseconds(value, 'options.preDeadline', 0, caller));
  if (first !== undefined && first > deadline) {
    throw argumentValueError('options.preDeadline', 'must not be later than the deadline', first, caller);
  }
  const units = Math.max(1, toUnits(deadline));
  const state = queueState(queue, 'this', 'RtwqSetDeadline', caller);
  return new QueueDeadline(state, caller, (native) =>
    native.setDeadline(state.index, units, first === undefined ? undefined : Math.min(units, toUnits(first))),
  );
}
