// What a run of a program has done: what each call returned, how each operation has settled, and what may never happen in any run.

/** What a step has caused, as far as it has happened. */
export interface StepRecord {
  /** What each action returned or threw, by its place in the step. */
  readonly returned: readonly string[];
  /** How operations have settled, in their order. */
  readonly settled: readonly Settlement[];
  /** What signals it has left, as far as that was looked at. */
  readonly left: readonly string[];
}

export interface Settlement {
  readonly op: string;
  readonly outcome: string;
}

/** When a timer is due, as exactly as it is known, on the run's own clock. */
interface Due {
  readonly earliest: number;
  readonly latest: number;
  readonly delay: number;
  readonly place: number;
}

/** How many rounds of promise callbacks count as the code that awaits a signal. */
const ROUNDS = 3;

export class Recorder {
  readonly #pending = new Set<string>();
  readonly #outcomes = new Map<string, string>();
  readonly #dues = new Map<string, Due>();
  #lastTimer: Due | undefined;
  #returned: string[] = [];
  #settled: Settlement[] = [];
  #left: readonly string[] = [];
  #received = 0;
  #onChange = (): void => {};
  /** What must not happen in any run. */
  readonly violations: string[] = [];

  /** Begins the next step: what happens from now on belongs to it. */
  beginStep(): void {
    this.#returned = [];
    this.#settled = [];
    this.#left = [];
  }

  get record(): StepRecord {
    return { returned: this.#returned, settled: this.#settled, left: this.#left };
  }

  /** What signals the step has left. */
  leaves(left: readonly string[]): void {
    this.#left = left;
  }

  get pending(): ReadonlySet<string> {
    return this.#pending;
  }

  outcomeOf(op: string): string | undefined {
    return this.#outcomes.get(op);
  }

  /** Calls back once, when an operation settles next. */
  whenChanged(callback: () => void): void {
    this.#onChange = callback;
  }

  returned(place: number, value: string): void {
    this.#returned[place] = value;
  }

  /** Records how a promise settles, once it does. `text` makes an outcome of its value. */
  follow<T>(op: string, promise: PromiseLike<T>, text: (value: T) => string, isSignal: (value: T) => boolean = () => false): void {
    this.start(op);
    promise.then(
      (value) => {
        if (isSignal(value)) this.#receive(op);
        this.settle(op, text(value));
      },
      (error) => this.settle(op, errorText(error)),
    );
  }

  start(op: string): void {
    this.#pending.add(op);
  }

  settle(op: string, outcome: string): void {
    if (!this.#pending.delete(op)) this.violations.push(`${op} has settled twice: ${this.#outcomes.get(op)}, ${outcome}`);
    this.#outcomes.set(op, outcome);
    this.#settled.push({ op, outcome });
    this.#change();
  }

  /** Records something that an operation does before it settles. */
  note(op: string, outcome: string): void {
    this.#settled.push({ op, outcome });
    this.#change();
  }

  #change(): void {
    const changed = this.#onChange;
    this.#onChange = () => {};
    changed();
  }

  /** A signal has arrived. The code that awaits it runs before the next one arrives. */
  #receive(op: string): void {
    if (this.#received > 0) this.violations.push(`${op} has received a signal before the code that awaited the previous one has run`);
    this.#received++;
    let turns = Promise.resolve();
    for (let round = 0; round < ROUNDS; round++) turns = turns.then(() => {});
    turns.then(() => this.#received--);
  }

  /** A timer was started between two readings of the run's clock. */
  timerStarted(op: string, before: number, after: number, delay: number): void {
    this.#dues.set(op, { earliest: before + delay, latest: after + delay, delay, place: this.#dues.size });
  }

  /** Timers fire in the order of their deadlines, and those with the same delay in the order in which they were started. */
  timerFired(op: string): void {
    const due = this.#dues.get(op)!;
    const last = this.#lastTimer;
    this.#lastTimer = due;
    if (!last) return;
    const isLater = last.earliest > due.latest || (last.delay === due.delay && last.place > due.place);
    if (isLater) this.violations.push(`${op} has fired after a timer that is due later`);
  }
}

interface ErrorLike {
  code?: unknown;
  name?: unknown;
  cause?: unknown;
}

/** An error's code and those of its causes. */
export function errorText(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  const { code, name, cause } = error as ErrorLike;
  return `${String(code ?? name)}${cause === undefined ? '' : ` (${errorText(cause)})`}`;
}
