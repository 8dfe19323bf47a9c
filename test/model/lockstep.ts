// Runs a program on a model and on a subject, step by step. The model goes first and says what must happen. Where Windows promises
// no order, the model has choices, and follows the subject: if it can do what the subject has done, the subject was right.

import { Choices, type Choose, oneOf, ordersOf } from './choices';
import type { Action, Slot, Step } from './commands';
import { stepText } from './commands';
import { Decoder, type RawProgram } from './programs';
import { Recorder, type StepRecord } from './recording';
import { type Package, type Surroundings, World } from './world';

/** An instance of the package that runs a program. */
export interface Subject extends Surroundings {
  readonly package: Package;
  /** Lets so much time pass, and delivers everything that is due. Without it, time passes by itself. */
  advance?(milliseconds: number): Promise<void>;
  /** Ends what the package has open. Nothing of the program is pending. */
  end(): void;
}

/** A subject that does everything at once, and whose time stands still unless it is advanced. */
export interface Model extends Subject {
  advance(milliseconds: number): Promise<void>;
  /** Keeps waits from taking signals until this is called again. A wait that starts looks nevertheless. */
  hold(held: boolean): void;
  /** Lets one of the waits for each object take a signal meanwhile. */
  takeOne(): void;
}

/** @param choose decides what Windows does not promise */
export type OpenModel = (choose: Choose) => Model;

/** How many choices of a step are tried before it counts as a disagreement. */
const TRIES = 600;

/** How long the subject may take for a step, in milliseconds. */
export const patience = { milliseconds: 120_000 };

/** After so many milliseconds without a change, the subject may have chosen to do less than the model did first. */
const SILENCE = 3_000;

/** How many steps later what a thread has done may show. */
const LATE = 4;

/** How long to look for a signal that the model has left, in milliseconds. What gives signals is due earlier than the look's end. */
const LOOK = 1_000;

/** The subject has done what the model cannot do, or the other way round. */
export class Disagreement extends Error {
  constructor(steps: readonly Step[], what: string, expected: StepRecord | undefined, seen: StepRecord) {
    const lines = steps.map((step, index) => `  ${index + 1}. ${stepText(step)}`);
    super([what, ...lines, ...(expected ? [`  the model: ${recordText(expected)}`] : []), `  the subject: ${recordText(seen)}`].join('\n'));
    this.name = 'Disagreement';
  }
}

const recordText = ({ returned, settled, left }: StepRecord): string =>
  [`returns ${returned.join(', ')}`, ...settled.map(({ op, outcome }) => `${op}: ${outcome}`), `leaves ${left.join(', ')}`].join('; ');

/** Whether the subject's record equals the model's, may still become equal, or differs. What it leaves counts once it was looked at. */
function relation(model: StepRecord, subject: StepRecord): 'same' | 'part' | 'other' {
  const returnsSame = model.returned.every((value, place) => value === subject.returned[place]);
  const leavesSame = subject.left.every((value, place) => value === model.left[place]);
  if (!returnsSame || !leavesSame) return 'other';
  const rest = model.settled.map(({ op, outcome }) => `${op}: ${outcome}`);
  for (const { op, outcome } of subject.settled) {
    const place = rest.indexOf(`${op}: ${outcome}`);
    if (place < 0) return 'other';
    rest.splice(place, 1);
  }
  if (rest.length > 0) return 'part';
  return inSameOrder(model, subject) ? 'same' : 'other';
}

/** Whether the items of a serial queue have fired in the same order. Every other promised order shows in which operations settle. */
function inSameOrder(model: StepRecord, subject: StepRecord): boolean {
  const order = ({ settled }: StepRecord): string =>
    settled.flatMap(({ op, outcome }) => (op.startsWith('serial') && outcome.startsWith('fired') ? [op] : [])).join();
  return order(model) === order(subject);
}

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

/**
 * Objects whose signals a step may have left, or not, without anything that shows it: an event that is set twice has one signal, and a
 * timer that is due has one whether a wait is pending or not. A semaphore's count follows from what has been taken.
 */
function toLookAt({ actions }: Step): Slot[] {
  const touched = actions.flatMap((action) => ('targets' in action ? action.targets : 'slot' in action ? [action.slot] : []));
  const isHidden = (slot: Slot): boolean => slot.startsWith('A') || slot.startsWith('T');
  return actions.length > 1 || actions[0]?.do === 'setTimer' ? [...new Set(touched)].filter(isHidden) : [];
}

/** What has happened when the call returns: an item is in its queue. Waits, and their ends, are requests to other threads. */
const IMMEDIATE: readonly Action['do'][] = ['set', 'reset', 'setTimer', 'stopTimer', 'release', 'unlock', 'clear', 'put'];

/** Whether an order leaves the actions that happen immediately in their order. */
function keepsImmediate(order: readonly number[], actions: readonly Action[]): boolean {
  const immediate = order.filter((place) => IMMEDIATE.includes(actions[place]!.do));
  return immediate.every((place, index) => index === 0 || immediate[index - 1]! < place);
}

/** What may happen between two actions of a step. */
const GAPS = ['waits take signals', 'nothing', 'a wait takes a signal', 'time passes'] as const;

/** Carries out a step on the model, with choices about the order of its actions and of time. */
async function stepModel({ world, recorder, subject }: Run<Model>, step: Step, choose: Choose): Promise<StepRecord> {
  const { actions, advance } = step;
  recorder.beginStep();
  const orders = ordersOf(actions.length).filter((order) => keepsImmediate(order, actions));
  const order = oneOf(orders, choose);
  for (const [index, place] of order.entries()) {
    const gap = index > 0 ? GAPS[choose(GAPS.length)] : 'waits take signals';
    if (gap === 'a wait takes a signal') subject.takeOne();
    if (gap === 'waits take signals' || gap === 'time passes') subject.hold(false);
    if (gap === 'time passes') await subject.advance(advance);
    if (actions.length > 1) subject.hold(true);
    world.performOne(actions[place] as Action, place);
  }
  // Threads that are late find what has happened meanwhile, too.
  const isLate = actions.length > 1 && advance > 0 && choose(2) === 1;
  if (isLate) await subject.advance(advance);
  subject.hold(false);
  await subject.advance(isLate ? 0 : advance);
  const { returned, settled } = recorder.record;
  return { returned: [...returned], settled: [...settled], left: await world.look(toLookAt(step)) };
}

/** What several steps have done, as if they were one. */
const joined = (records: readonly StepRecord[]): StepRecord => ({
  returned: records.flatMap(({ returned }) => returned),
  settled: records.flatMap(({ settled }) => settled),
  left: records.flatMap(({ left }) => left),
});

/** A model that follows a subject. */
class Follower {
  readonly #open: OpenModel;
  readonly steps: Step[] = [];
  readonly #choices: Choices[] = [];
  run: Run<Model>;
  restarts = 0;

  constructor(open: OpenModel) {
    this.#open = open;
    this.run = this.#begin();
  }

  #begin(): Run<Model> {
    return new Run(this.#open((possibilities) => this.#choices.at(-1)!.choose(possibilities)));
  }

  /** Carries out the next step. */
  async step(step: Step): Promise<StepRecord> {
    this.steps.push(step);
    return this.#take(step);
  }

  async #take(step: Step, choices?: readonly number[]): Promise<StepRecord> {
    this.#choices.push(new Choices(choices));
    return stepModel(this.run, step, this.#choices.at(-1)!.choose);
  }

  /** Carries out the last steps again, the first of them with other choices, and returns what they have done. */
  async #again(count: number, choices: readonly number[]): Promise<StepRecord> {
    this.restarts++;
    this.run.subject.end();
    const from = this.steps.length - count;
    const made = this.#choices.splice(0).map((each) => each.made);
    this.run = this.#begin();
    const records: StepRecord[] = [];
    for (const [index, step] of this.steps.entries()) {
      const record = await this.#take(step, index < from ? made[index] : index === from ? choices : []);
      if (index >= from) records.push(record);
    }
    return joined(records);
  }

  /**
   * Looks for choices with which the last step does what is wanted, or so many last steps do together. Those that differ least from the
   * first ones come first.
   */
  async find(wanted: (record: StepRecord) => boolean, count: number): Promise<StepRecord | undefined> {
    const toTry: (readonly number[])[] = [[]];
    for (let tries = 0; tries < toTry.length && tries < TRIES; tries++) {
      const record = await this.#again(count, toTry[tries]!);
      if (wanted(record)) return record;
      toTry.push(...this.#choices.at(-count)!.others);
    }
    return undefined;
  }
}

/** Resolves when an operation settles, or to false after the time that the subject may take. */
function changes(recorder: Recorder, milliseconds: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), milliseconds);
    recorder.whenChanged(() => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}

/** The end of a turn: promise callbacks of the step have run. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Compares a subject with a model that follows it. */
class Comparison {
  readonly #follower: Follower;
  readonly #run: Run<Subject>;
  /** What the subject has done in the steps that are over. */
  readonly #seen: StepRecord[] = [];
  /** What the model has done in the last steps, and how many these are. */
  #expected: StepRecord | undefined;
  #compared = 1;

  constructor(follower: Follower, run: Run<Subject>) {
    this.#follower = follower;
    this.#run = run;
  }

  /** Carries out the next step on both, and waits until the subject has done what the model says, or what the model could have done. */
  async take(step: Step): Promise<void> {
    const { recorder, world, subject } = this.#run;
    this.#expected = await this.#follower.step(step);
    this.#compared = 1;
    world.perform(step.actions);
    await (subject.advance?.(step.advance) ?? turn());
    await this.#agree(toLookAt(step));
    this.#seen.push(recorder.record);
    recorder.beginStep();
  }

  fail(what: string, expected?: StepRecord): never {
    throw new Disagreement(this.#follower.steps, what, expected, this.#last(this.#compared));
  }

  /** What the subject has done in the last steps. */
  #last(count: number): StepRecord {
    return joined([...this.#seen.slice(this.#follower.steps.length - count), this.#run.recorder.record]);
  }

  /** Has the model make other choices in one of the last steps. Resolves to whether the subject's record is then related as wanted. */
  async #follow(wanted: (found: ReturnType<typeof relation>) => boolean, most: number): Promise<boolean> {
    for (let count = 1; count <= Math.min(most, this.#follower.steps.length); count++) {
      const seen = this.#last(count);
      const other = await this.#follower.find((record) => wanted(relation(record, seen)), count);
      if (!other) continue;
      this.#expected = other;
      this.#compared = count;
      return true;
    }
    return false;
  }

  async #agree(targets: readonly Slot[]): Promise<void> {
    const { recorder, world, subject } = this.#run;
    // A subject whose time is advanced has done everything.
    const longest = subject.advance ? 0 : patience.milliseconds;
    let looked = false;
    for (;;) {
      const expected = this.#expected!;
      const found = relation(expected, this.#last(this.#compared));
      if (found === 'same' && looked) return;
      if (found === 'same') {
        const left = expected.left.slice(-targets.length);
        recorder.leaves(await world.look(targets, (index) => (left[index] === 'signaled' ? Math.min(longest, LOOK) : 0)));
        looked = true;
      } else if (found === 'other') {
        const may = await this.#follow((other) => other !== 'other', LATE);
        if (!may) this.fail(`The subject has ${looked ? 'left' : 'done'} what the model cannot.`, expected);
      } else if (!(await changes(recorder, Math.min(longest, SILENCE)))) {
        const isSame = (other: string): boolean => other === 'same';
        if (await this.#follow(isSame, 1)) continue;
        if (longest > SILENCE && (await changes(recorder, longest - SILENCE))) continue;
        if (!(await this.#follow(isSame, LATE))) this.fail('The subject has not done what the model does.', expected);
      }
    }
  }
}

export interface Outcome {
  steps: number;
  /** How often the model had to follow a choice of the subject. */
  followed: number;
}

/** Runs a program on both. Throws if they disagree. */
export async function runProgram(program: RawProgram, openModel: OpenModel, subject: Subject): Promise<Outcome> {
  const follower = new Follower(openModel);
  const run = new Run(subject);
  const comparison = new Comparison(follower, run);
  const decoder = new Decoder(program.settings);
  const situation = () => ({
    pending: run.recorder.pending,
    heldLocks: run.world.heldLocks,
    runningCallbacks: run.world.runningCallbacks,
    isOpen: run.world.isOpen.bind(run.world),
  });
  try {
    for (const raw of program.steps) await comparison.take(decoder.step(raw, situation()));
    for (const step of decoder.ending(situation())) await comparison.take(step);
    await (subject.advance?.(0) ?? turn());
    for (const [what, { recorder }] of [
      ['the model', follower.run],
      ['the subject', run],
    ] as const) {
      const violations = [...recorder.violations, ...[...recorder.pending].map((op) => `${op} is still pending`)];
      if (violations.length > 0) comparison.fail(`${what}: ${violations.join('; ')}`);
    }
    return { steps: follower.steps.length, followed: follower.restarts };
  } finally {
    follower.run.subject.end();
    subject.end();
  }
}
