// Runs a program on a model and on a subject, step by step. The model goes first and says what must happen. Where Windows promises
// no order, the model has choices, and follows the subject: if it can do what the subject has done, the subject was right.

import { Choices, type Choose, ordersOf } from './choices';
import type { Action, Step } from './commands';
import { stepText } from './commands';
import { Decoder, type RawProgram } from './programs';
import { Recorder, type StepRecord } from './recording';
import { type Package, type Surroundings, World } from './world';

/** An instance of the package that runs a program. */
export interface Subject extends Surroundings {
  readonly package: Package;
  /** Ends what the package has open. Nothing of the program is pending. */
  end(): void;
}

/** A subject that does everything at once, and whose time stands still unless it is advanced. */
export interface Model extends Subject {
  /** Lets so much time pass, and delivers everything that is due. */
  advance(milliseconds: number): Promise<void>;
}

/** @param choose decides what Windows does not promise */
export type OpenModel = (choose: Choose) => Model;

/** How many choices of a step are tried before it counts as a disagreement. */
const TRIES = 3_000;

/** How long the subject may take for a step, in milliseconds. */
export const patience = { milliseconds: 120_000 };

/** The subject has done what the model cannot do, or the other way round. */
export class Disagreement extends Error {
  constructor(steps: readonly Step[], what: string, expected: StepRecord | undefined, seen: StepRecord) {
    const lines = steps.map((step, index) => `  ${index + 1}. ${stepText(step)}`);
    super(`${what}\n${lines.join('\n')}\n  the model: ${expected ? recordText(expected) : 'cannot do that'}\n  the subject: ${recordText(seen)}`);
    this.name = 'Disagreement';
  }
}

const recordText = ({ returned, settled }: StepRecord): string =>
  [`returns ${returned.join(', ')}`, ...settled.map(({ op, outcome }) => `${op}: ${outcome}`)].join('; ');

/** How a record of the subject relates to one of the model: the same, a part of what will be the same, or another one. */
function relation(model: StepRecord, subject: StepRecord): 'same' | 'part' | 'other' {
  const isSame = model.returned.every((value, place) => value === subject.returned[place]);
  if (!isSame) return 'other';
  const rest = model.settled.map(({ op, outcome }) => `${op}: ${outcome}`);
  for (const { op, outcome } of subject.settled) {
    const place = rest.indexOf(`${op}: ${outcome}`);
    if (place < 0) return 'other';
    rest.splice(place, 1);
  }
  if (rest.length > 0) return 'part';
  return inSameOrder(model, subject) ? 'same' : 'other';
}

/** Operations whose order is promised, by the beginnings of their names. The queue is not in the name: see orderOf(). */
function inSameOrder(model: StepRecord, subject: StepRecord): boolean {
  const order = ({ settled }: StepRecord): string => settled.flatMap(({ op, outcome }) => (orderOf(op, outcome) ? [op] : [])).join();
  return order(model) === order(subject);
}

/** Whether an operation belongs to those that settle in a promised order: calls of one mutex. */
const orderOf = (op: string, outcome: string): boolean => op.startsWith('request') && outcome.startsWith('lock');

let runs = 0;

class Run<T extends Subject> {
  readonly recorder = new Recorder();
  readonly subject: T;
  readonly world: World;

  constructor(subject: T) {
    this.subject = subject;
    this.world = new World(subject.package, this.recorder, subject, `Local\\rtworkq-model-${process.pid}-${runs++}`);
  }
}

/** Carries out a step on the model, with choices about the order of its actions and of time. */
async function stepModel({ world, recorder, subject }: Run<Model>, { actions, advance, race }: Step, choose: Choose): Promise<StepRecord> {
  recorder.beginStep();
  const orders = race ? ordersOf(actions.length) : [actions.map((_, place) => place)];
  const order = orders[orders.length > 1 ? choose(orders.length) : 0]!;
  // Time may also pass in between: before the first action whose number is at least this one.
  const pauses = actions.length > 1 ? choose(2 ** (actions.length - 1)) : 0;
  for (const [index, place] of order.entries()) {
    if (index > 0 && pauses & (1 << (index - 1))) await subject.advance(advance);
    world.performOne(actions[place] as Action, place);
  }
  await subject.advance(advance);
  const { returned, settled } = recorder.record;
  return { returned: [...returned], settled: [...settled] };
}

/** A model that follows a subject. */
class Follower {
  readonly #open: OpenModel;
  readonly #steps: Step[] = [];
  readonly #made: (readonly number[])[] = [];
  #choices = new Choices();
  run: Run<Model>;
  restarts = 0;

  constructor(open: OpenModel) {
    this.#open = open;
    this.run = this.#begin();
  }

  #begin(): Run<Model> {
    return new Run(this.#open((possibilities) => this.#choices.choose(possibilities)));
  }

  /** Carries out the next step. */
  async step(step: Step, choices: readonly number[] = []): Promise<StepRecord> {
    this.#steps.push(step);
    return this.#take(step, choices);
  }

  async #take(step: Step, choices: readonly number[]): Promise<StepRecord> {
    this.#choices = new Choices(choices);
    const record = await stepModel(this.run, step, this.#choices.choose);
    this.#made.push(this.#choices.made);
    return record;
  }

  /** Carries out the last step again, with other choices. */
  async #again(choices: readonly number[]): Promise<StepRecord> {
    this.restarts++;
    this.run.subject.end();
    const made = this.#made.splice(0);
    this.run = this.#begin();
    for (const [index, earlier] of made.slice(0, -1).entries()) await this.#take(this.#steps[index]!, earlier);
    return this.#take(this.#steps.at(-1)!, choices);
  }

  /** Looks for choices with which the last step does what is wanted. Leaves the first ones made if there are none. */
  async find(wanted: (record: StepRecord) => boolean): Promise<StepRecord | undefined> {
    let choices: number[] | undefined = [];
    for (let tries = 0; choices && tries < TRIES; tries++) {
      const record = await this.#again(choices);
      if (wanted(record)) return record;
      choices = this.#choices.following();
    }
    return undefined;
  }
}

/** Resolves when something has changed, or to false after the time that the subject may take. */
async function changes(recorder: Recorder, milliseconds: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds);
  });
  const changed = await Promise.race([recorder.changed.then(() => true), over]);
  clearTimeout(timer);
  return changed;
}

/** Waits until the subject has done what the model says, or what the model could have done. */
async function agree(follower: Follower, { recorder }: Run<Subject>, steps: readonly Step[], first: StepRecord): Promise<void> {
  let expected: StepRecord | undefined = first;
  const fail = (what: string): never => {
    throw new Disagreement(steps, what, expected, recorder.record);
  };
  for (;;) {
    const found = relation(expected, recorder.record);
    if (found === 'same') return;
    if (found === 'other') {
      expected = await follower.find((record) => relation(record, recorder.record) !== 'other');
      if (!expected) return fail('The subject has done what the model cannot do.');
    } else if (!(await changes(recorder, patience.milliseconds))) {
      const other = await follower.find((record) => relation(record, recorder.record) === 'same');
      if (!other) return fail('The subject has not done what the model does.');
      return;
    }
  }
}

/** The end of a turn: promise callbacks of the step have run. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export interface Outcome {
  steps: number;
  /** How often the model had to follow a choice of the subject. */
  followed: number;
}

/** Runs a program on both. Throws if they disagree. */
export async function runProgram(program: RawProgram, openModel: OpenModel, subject: Subject): Promise<Outcome> {
  const follower = new Follower(openModel);
  const run = new Run(subject);
  const decoder = new Decoder(program.settings);
  const steps: Step[] = [];
  const situation = () => ({
    pending: run.recorder.pending,
    heldLocks: run.world.heldLocks,
    runningCallbacks: run.world.runningCallbacks,
    isOpen: run.world.isOpen.bind(run.world),
  });
  const take = async (step: Step): Promise<void> => {
    steps.push(step);
    const expected = await follower.step(step);
    run.world.perform(step.actions);
    await turn();
    await agree(follower, run, steps, expected);
    run.recorder.beginStep();
  };
  const check = (what: string, violations: readonly string[]): void => {
    if (violations.length > 0) throw new Disagreement(steps, `${what}: ${violations.join('; ')}`, undefined, run.recorder.record);
  };
  try {
    for (const raw of program.steps) await take(decoder.step(raw, situation()));
    for (const step of decoder.ending(situation())) await take(step);
    await turn();
    for (const [what, each] of [['the model', follower.run], ['the subject', run]] as const) {
      each.world.checkCounts();
      check(what, [...each.recorder.violations, ...[...each.recorder.pending].map((op) => `${op} is still pending`)]);
    }
    return { steps: steps.length, followed: follower.restarts };
  } finally {
    follower.run.subject.end();
    subject.end();
  }
}
