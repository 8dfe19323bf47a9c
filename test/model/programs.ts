// Random programs. What is random is numbers; they become actions while the program runs, because most actions refer to something
// that is pending, held or open.

import fc from 'fast-check';
import { type Action, HOUR, type Limit, OBJECTS, type Queue, type Slot, type Step } from './commands';

/** A step before it is known what it refers to. */
export interface RawStep {
  mode: number;
  parts: RawAction[];
}

export interface RawAction {
  kind: number;
  numbers: number[];
}

/** What a program may use besides the usual. Some of it takes long. */
export interface Settings {
  /** A serial queue: Wine takes 0.1 s to close it. */
  serial: boolean;
  /** Another thread, which ends while it holds a mutex. */
  holder: boolean;
}

export interface RawProgram {
  settings: Settings;
  steps: RawStep[];
}

/** What a program has made so far. */
export interface Situation {
  readonly pending: ReadonlySet<string>;
  readonly heldLocks: readonly string[];
  readonly runningCallbacks: readonly string[];
  isOpen(slot: Slot | Queue): boolean;
}

const rawAction = fc.record({ kind: fc.nat(999), numbers: fc.array(fc.nat(999), { minLength: 4, maxLength: 4 }) });
const rawStep = fc.record({ mode: fc.nat(99), parts: fc.array(rawAction, { minLength: 3, maxLength: 3 }) });
const settings = fc.record({
  serial: fc.nat(3).map((value) => value === 1),
  holder: fc.nat(15).map((value) => value === 1),
});

/** Programs of at least so many steps. A program that fails shrinks to fewer. */
export function programs(least: number): fc.Arbitrary<RawProgram> {
  const steps = (minLength: number): fc.Arbitrary<RawStep[]> => fc.array(rawStep, { minLength, maxLength: least + 40, size: 'max' });
  return fc.record({ settings, steps: new LongAtFirst(steps(least), steps(0)) });
}

/** Generates as one arbitrary does, and shrinks as the other one does. */
class LongAtFirst<T> extends fc.Arbitrary<T> {
  readonly #generating: fc.Arbitrary<T>;
  readonly #shrinking: fc.Arbitrary<T>;

  constructor(generating: fc.Arbitrary<T>, shrinking: fc.Arbitrary<T>) {
    super();
    this.#generating = generating;
    this.#shrinking = shrinking;
  }

  generate(random: fc.Random, bias: number | undefined): fc.Value<T> {
    const { value } = this.#generating.generate(random, bias);
    return new fc.Value(value, undefined);
  }

  canShrinkWithoutContext(value: unknown): value is T {
    return this.#shrinking.canShrinkWithoutContext(value);
  }

  shrink(value: T, context: unknown): fc.Stream<fc.Value<T>> {
    return this.#shrinking.shrink(value, context);
  }
}

type Maker = (numbers: readonly number[], decoder: Decoder) => Action | undefined;

const { events, latches, semaphores, timers, mutexes } = OBJECTS;
const waitable: readonly Slot[] = [...events, ...semaphores, ...latches, ...timers];
const consumable: readonly Slot[] = [...semaphores, ...events];
const slots: readonly Slot[] = [...waitable, ...mutexes];

const pick = <T>(list: readonly T[], number = 0): T => list[number % list.length]!;
const pickRecent = <T>(list: readonly T[], number = 0): T | undefined => list[list.length - 1 - (number % (list.length || 1))];
const sample = (list: readonly Slot[], count: number, number: number): Slot[] =>
  Array.from({ length: count }, (_, index) => list[(number + index * (1 + (number % 2))) % list.length]!).filter(
    (slot, index, all) => all.indexOf(slot) === index,
  );

const onPending =
  (kind: 'cancel' | 'cancelByKey' | 'abort' | 'clear', prefixes: RegExp): Maker =>
  ([number], { situation }) => {
    const op = pickRecent(
      [...situation.pending].filter((each) => prefixes.test(each)),
      number,
    );
    return op === undefined ? undefined : { do: kind, op };
  };

const limitOf = (number: number, short: boolean): Limit =>
  short ? 1 + (number % 4) : pick(['none', 'none', 'an hour', 'none', 'an hour', 'now'] as const, number);

const wait =
  (short: boolean, among: readonly Slot[]): Maker =>
  ([how = 0, which = 0, limit = 0, more = 0], decoder) => {
    const function_ = pick(['waitFor', 'waitForAny', 'waitForAll', 'waitFor'] as const, how);
    // An object that is listed twice, by whichever handle, is an error.
    const targets = function_ === 'waitFor' ? [pick(among, which)] : sample(among, 2 + (more % 2), which);
    const raw = how % 10 === 9;
    return { do: 'wait', op: decoder.name('wait'), how: function_, targets, raw, limit: limitOf(limit, short) };
  };

const acquire =
  (short: boolean): Maker =>
  ([slot, limit = 0], decoder) => ({ do: 'acquire', op: decoder.name('acquire'), slot: pick(mutexes, slot), limit: limitOf(limit, short) });

const request =
  (short: boolean): Maker =>
  ([limit = 0], decoder) => ({
    do: 'request',
    op: decoder.name('request'),
    limit: short ? limitOf(limit, true) : pick(['none', 'an hour', 'if available'] as const, limit),
  });

const schedule =
  (milliseconds: (number: number) => number): Maker =>
  ([queue, number = 0], decoder) => ({
    do: 'schedule',
    op: decoder.name('schedule'),
    queue: decoder.queue(queue),
    milliseconds: milliseconds(number),
  });

const timer =
  (kind: 'sleep' | 'callLater', milliseconds: (number: number) => number): Maker =>
  ([number = 0], decoder) => ({ do: kind, op: decoder.name(kind), milliseconds: milliseconds(number) });

const short = (number: number): number => 1 + (number % 5);
const long = (): number => HOUR;

const release: Maker = ([slot, count = 0]) => ({ do: 'release', slot: pick(semaphores, slot), count: count % 4 === 3 ? 2 : 1 });
const set: Maker = ([slot]) => ({ do: 'set', slot: pick([...events, ...latches], slot) });
const reset: Maker = ([slot]) => ({ do: 'reset', slot: pick([...latches, ...latches, ...events], slot) });
const put: Maker = ([number, priority = 0], decoder) => {
  const queue = decoder.queue(number);
  // Items of a serial queue keep their order.
  const isSerial = queue === 'Q1';
  return { do: 'put', op: decoder.name(isSerial ? 'serial' : 'put'), queue, priority: !isSerial && priority % 8 === 7 ? 1 : 0 };
};
const unlock: Maker = ([number], { situation }) => {
  const op = pickRecent(situation.heldLocks, number);
  return op === undefined ? undefined : { do: 'unlock', op };
};
const abort = onPending('abort', /^(wait|next|acquire|request|put|serial|invoke|schedule|sleep|onQueue)/);
const cancel = onPending('cancel', /^(put|serial|invoke|schedule|onQueue)/);
const close: Maker = ([slot], { situation }) => {
  const chosen = pick(slots, slot);
  return situation.isOpen(chosen) ? { do: 'close', slot: chosen } : { do: 'open', slot: chosen };
};

/** Each with its share. */
type Choices = readonly (readonly [share: number, maker: Maker])[];

const SINGLE: Choices = [
  [12, set],
  [12, release],
  [40, wait(false, waitable)],
  [8, reset],
  [
    4,
    ([slot], decoder) => {
      const chosen = pick(consumable, slot);
      return decoder.hasNext(chosen) ? undefined : { do: 'next', op: decoder.name(`next-${chosen}-`), slot: chosen };
    },
  ],
  [1, ([slot], decoder) => (decoder.hasNext(pick(consumable, slot)) ? undefined : { do: 'leave', slot: pick(consumable, slot) })],
  [7, acquire(false)],
  [7, unlock],
  [3, request(false)],
  [
    4,
    ([number], { situation }) => {
      const op = pickRecent(situation.runningCallbacks, number);
      return op === undefined ? undefined : { do: 'finish', op };
    },
  ],
  [5, put],
  [2, ([queue, count = 0], decoder) => ({ do: 'putMany', op: decoder.name('putMany'), queue: decoder.queue(queue), count: count % 5 })],
  [
    2,
    ([queue, status], decoder) => ({
      do: 'invoke',
      op: decoder.name('invoke'),
      queue: decoder.queue(queue),
      status: pick([0, 1, 0x80004005], status),
    }),
  ],
  [3, schedule(long)],
  [
    3,
    ([queue, slot], decoder) => ({
      do: 'waitOnQueue',
      op: decoder.name('onQueue'),
      queue: decoder.queue(queue),
      slot: pick(latches, slot),
    }),
  ],
  [3, cancel],
  [1, onPending('cancelByKey', /^(schedule|onQueue)/)],
  [6, abort],
  [5, close],
  [
    1,
    ([queue, drain = 0], decoder) => {
      const chosen = decoder.queue(queue);
      if (!decoder.situation.isOpen(chosen)) return undefined;
      // A queue that drains waits for what is pending on it.
      const isBusy = [...decoder.situation.pending].some((op) => /^(schedule|onQueue)/.test(op));
      return { do: 'closeQueue', op: decoder.name('closeQueue'), queue: chosen, drain: drain % 2 === 1 && !isBusy };
    },
  ],
  [1, () => ({ do: 'stopTimer', slot: timers[0] })],
  [1, timer('sleep', long)],
  [1, timer('callLater', long)],
  [1, onPending('clear', /^callLater/)],
  [1, ([number = 0], decoder) => (number % 2 === 1 ? undefined : { do: 'shutdown', op: decoder.name('shutdown') })],
  [1, (_, decoder) => (decoder.settings.holder && decoder.isFree() ? { do: 'holderEnds', op: decoder.name('holder') } : undefined)],
];

/** What may race. Windows decides which comes first. */
const RACING: Choices = [
  [4, release],
  [4, set],
  [1, reset],
  [5, wait(false, consumable)],
  [5, abort],
  [4, put],
  [3, cancel],
];

/** What time decides. */
const TIMED: Choices = [
  [4, timer('sleep', short)],
  [3, timer('callLater', short)],
  [5, wait(true, consumable)],
  [3, schedule(short)],
  [2, ([, number = 0]) => ({ do: 'setTimer', slot: timers[0], milliseconds: short(number) })],
  [1, () => ({ do: 'stopTimer', slot: timers[0] })],
  [2, acquire(true)],
  [1, request(true)],
  [2, release],
  [1, set],
  [1, cancel],
  [1, onPending('clear', /^callLater/)],
];

function chosen(choices: Choices, { kind, numbers }: RawAction, decoder: Decoder): Action {
  const total = choices.reduce((sum, [share]) => sum + share, 0);
  let rest = kind % total;
  const from = choices.findIndex(([share]) => {
    rest -= share;
    return rest < 0;
  });
  for (let index = 0; index < choices.length; index++) {
    const made = choices[(from + index) % choices.length]![1](numbers, decoder);
    if (made) return made;
  }
  throw new Error('no action is possible');
}

const durationOf = (action: Action): number => {
  if ('milliseconds' in action) return action.milliseconds;
  return 'limit' in action && typeof action.limit === 'number' ? action.limit : 0;
};

/** A timer that is set twice in a step could give a signal before the subject is looked at, and another one after that. */
const isFirstSetting = (action: Action, index: number, all: Action[]): boolean =>
  action.do !== 'setTimer' || all.findIndex((other) => other.do === 'setTimer') === index;

/** Makes steps of numbers. */
export class Decoder {
  readonly settings: Settings;
  situation!: Situation;
  #count = 0;

  constructor(settings: Settings) {
    this.settings = settings;
  }

  /** A name for a new operation, which begins with its kind. */
  name(kind: string): string {
    return `${kind}${this.#count++}`;
  }

  /** A queue that is open, or that the program has closed. */
  queue(number = 0): Queue {
    return pick<Queue>(this.settings.serial ? ['Q1', 'Q0', 'Q1', 'multithreaded'] : ['Q0', 'standard', 'Q0', 'multithreaded'], number);
  }

  hasNext(slot: Slot): boolean {
    return [...this.situation.pending].some((op) => op.startsWith(`next-${slot}-`));
  }

  /** Whether no object holds X0 or waits for it. */
  isFree(): boolean {
    const { pending, heldLocks } = this.situation;
    return heldLocks.length === 0 && ![...pending].some((op) => /^(acquire|request)/.test(op));
  }

  step({ mode, parts }: RawStep, situation: Situation): Step {
    this.situation = situation;
    const [first, second, third] = parts as [RawAction, RawAction, RawAction];
    if (mode < 62) return this.#single(first);
    const count = 2 + (first.numbers[3]! % 2);
    const actions = [first, second, third]
      .slice(0, count)
      .map((raw) => chosen(mode < 80 ? RACING : TIMED, raw, this))
      .filter(isFirstSetting);
    return { actions, advance: Math.max(0, ...actions.map(durationOf).filter((each) => each < HOUR)) };
  }

  #single(raw: RawAction): Step {
    // Closed queues and handles open again.
    const closed = (['Q0', 'Q1'] as const).filter((queue) => this.#used.has(queue) && !this.situation.isOpen(queue));
    if (closed.length > 0 && raw.kind % 5 === 0) return { actions: [{ do: 'openQueue', queue: closed[0]! }], advance: 0 };
    const action = chosen(SINGLE, raw, this);
    if ('queue' in action) this.#used.add(action.queue);
    return { actions: [action], advance: 0 };
  }

  readonly #used = new Set<Queue>();

  /** Ends everything that is pending, and counts what is left. */
  ending(situation: Situation): Step[] {
    this.situation = situation;
    const alone = (action: Action): Step => ({ actions: [action], advance: 0 });
    return [
      ...[...situation.pending].filter((op) => !/^(callLater|closeQueue)/.test(op)).map((op) => alone({ do: 'abort', op })),
      ...situation.runningCallbacks.map((op) => alone({ do: 'finish', op })),
      ...[...situation.pending].filter((op) => op.startsWith('callLater')).map((op) => alone({ do: 'clear', op })),
      ...(['S0', 'S1', 'A0', 'A1'] as const)
        .filter((slot) => situation.isOpen(slot))
        .map((slot) => alone({ do: 'drain', op: this.name('drain'), slot })),
      ...slots.map((slot) => alone({ do: 'close', slot })),
      alone({ do: 'shutdown', op: this.name('shutdown') }),
    ];
  }
}
