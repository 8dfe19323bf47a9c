// Carries out a program's actions through the public API, and records what happens. The same code runs on the simulation and on
// Windows.

import type * as rtworkq from 'rtworkq';
import type {
  Mutex,
  MutexLock,
  Occurrences,
  Semaphore,
  SignaledTarget,
  WaitableEvent,
  WaitableTimer,
  WaitHandle,
  WaitOptions,
  WorkItem,
  WorkQueue,
} from 'rtworkq';
import type * as callbackTimers from 'rtworkq/timers';
import type * as promiseTimers from 'rtworkq/timers/promises';
import { type Action, FEW, HOUR, type Limit, OBJECTS, type Queue, type Slot } from './commands';
import { errorText, type Recorder } from './recording';

/** An instance of the package. */
export interface Package {
  readonly rtworkq: typeof rtworkq;
  readonly timers: typeof callbackTimers;
  readonly promises: typeof promiseTimers;
}

/** What a run needs besides the package. */
export interface Surroundings {
  /** The clock of the timers. */
  now(): number;
  /** Makes another thread acquire the mutex with that name and end. Resolves when the thread has ended. */
  holderEnds(name: string): Promise<void>;
}

type Loop = { signals: Occurrences; controller: AbortController };
type Kind = keyof typeof OBJECTS;

const KINDS = Object.keys(OBJECTS) as Kind[];

/** The name of a slot's object: a second handle differs by a letter. */
export const objectOf = (slot: Slot): string => slot.slice(0, 2);

export const kindOf = (slot: Slot): Kind => KINDS.find((kind) => (OBJECTS[kind] as readonly Slot[]).includes(slot))!;

export const ALL_SLOTS: readonly Slot[] = KINDS.flatMap((kind) => [...OBJECTS[kind]]);

const REASON = Object.assign(new Error('aborted on purpose'), { code: 'the reason' });

const timeoutOption = (limit: Limit): { timeout?: number } =>
  limit === 'none' ? {} : { timeout: limit === 'an hour' ? HOUR : limit === 'now' ? 0 : limit };

/** Signals of a semaphore: those that were released are those that were taken and those that are left. */
interface Count {
  released: number;
  taken: number;
}

export class World {
  readonly #package: Package;
  readonly #recorder: Recorder;
  readonly #surroundings: Surroundings;
  readonly #prefix: string;
  readonly #handles = new Map<Slot, WaitHandle | Mutex>();
  readonly #queues = new Map<Queue, WorkQueue>();
  /** The names of the objects, which change when an object's last handle has been closed. */
  readonly #names = new Map<string, string>();
  readonly #loops = new Map<Slot, Loop>();
  readonly #controllers = new Map<string, AbortController>();
  readonly #items = new Map<string, WorkItem<unknown>>();
  readonly #timers = new Map<string, callbackTimers.Timeout>();
  readonly #locks = new Map<string, MutexLock>();
  readonly #callbacks = new Map<string, () => void>();
  readonly #counts = new Map<string, Count>();
  #nextName = 0;

  /** @param prefix begins the names of its objects */
  constructor(from: Package, recorder: Recorder, surroundings: Surroundings, prefix: string) {
    this.#package = from;
    this.#recorder = recorder;
    this.#surroundings = surroundings;
    this.#prefix = prefix;
  }

  /** Carries out the actions of a step. */
  perform(actions: readonly Action[], place = 0): void {
    for (const action of actions) this.performOne(action, place++);
  }

  /** Carries out an action, and records what it returns or throws. */
  performOne(action: Action, place: number): void {
    let text: string;
    try {
      const value = this.#do(action);
      // Objects that it has opened say nothing.
      text = typeof value === 'object' ? 'an object' : String(value);
    } catch (error) {
      text = `throws ${errorText(error)}`;
    }
    this.#recorder.returned(place, text);
  }

  /** Looks whether objects are signaled, and takes the signals. `timeoutOf` says how long to wait for each, by its index. */
  async look(targets: readonly Slot[], timeoutOf: (index: number) => number = () => 0): Promise<string[]> {
    const seen: string[] = [];
    for (const [index, slot] of targets.entries()) {
      const handle = this.#handles.get(slot) as WaitHandle | undefined;
      if (!handle || handle.closed) seen.push('closed');
      else seen.push(await this.#package.rtworkq.waitFor(handle, { timeout: timeoutOf(index) }));
    }
    return seen;
  }

  /** Locks that are held, by the operation that has acquired each. */
  get heldLocks(): string[] {
    return [...this.#locks].filter(([, { released }]) => !released).map(([op]) => op);
  }

  /** Operations whose callback runs, and awaits its end. */
  get runningCallbacks(): string[] {
    return [...this.#callbacks.keys()];
  }

  isOpen(slot: Slot | Queue): boolean {
    const found = this.#handles.get(slot as Slot) ?? this.#queues.get(slot as Queue);
    return found !== undefined && !found.closed;
  }

  #do(action: Action): unknown {
    switch (action.do) {
      case 'wait':
        return this.#wait(action);
      case 'next':
        return this.#next(action);
      case 'leave':
        return this.#leave(action.slot);
      case 'set':
        return this.#handle<WaitableEvent>(action.slot).set();
      case 'reset':
        return this.#handle<WaitableEvent>(action.slot).reset();
      case 'setTimer':
        return this.#handle<WaitableTimer>(action.slot).set(action.milliseconds);
      case 'stopTimer':
        return this.#handle<WaitableTimer>(action.slot).cancel();
      case 'release':
        return this.#release(action);
      case 'close':
        return this.#handles.get(action.slot)?.close();
      case 'open':
        return this.#open(action.slot);
      case 'acquire':
        return this.#acquire(action);
      case 'request':
        return this.#request(action);
      case 'unlock':
        return this.#locks.get(action.op)?.release();
      case 'finish':
        return this.#callbacks.get(action.op)?.();
      case 'cancel':
        return this.#items.get(action.op)?.cancel();
      case 'cancelByKey':
        return this.#package.rtworkq.cancelWorkItem(this.#items.get(action.op)!.key);
      case 'abort':
        return this.#controllers.get(action.op)?.abort(REASON);
      case 'clear':
        return this.#clear(action.op);
      case 'sleep':
        return this.#sleep(action);
      case 'callLater':
        return this.#callLater(action);
      case 'openQueue':
        return this.#openQueue(action.queue);
      case 'closeQueue':
        return this.#recorder.follow(action.op, this.#queue(action.queue).close({ drain: action.drain }), () => 'closed');
      case 'shutdown':
        return this.#shutdown(action.op);
      case 'holderEnds':
        this.#open('X0');
        return this.#recorder.follow(action.op, this.#surroundings.holderEnds(this.#nameOf('X0')), () => 'ended');
      case 'drain':
        return this.#recorder.follow(action.op, this.#drain(action.slot), (count) => `${count} left`);
      default:
        return this.#startItem(action);
    }
  }

  #handle<T extends WaitHandle | Mutex>(slot: Slot): T {
    return (this.#handles.get(slot) ?? this.#open(slot)) as T;
  }

  /** A name that has not been used for another object: the system may keep one for a moment after its last handle is closed. */
  #nameOf(object: string): string {
    let name = this.#names.get(object);
    if (name === undefined) {
      name = `${this.#prefix}-${object}-${this.#nextName++}`;
      this.#names.set(object, name);
    }
    return name;
  }

  #open(slot: Slot): WaitHandle | Mutex {
    const open = this.#handles.get(slot);
    if (open && !open.closed) return open;
    const object = objectOf(slot);
    const others = [...this.#handles].filter(([other]) => objectOf(other) === object);
    if (others.length > 0 && others.every(([, { closed }]) => closed)) this.#names.delete(object);
    const handle = this.#create(slot, this.#nameOf(object));
    this.#handles.set(slot, handle);
    this.#loops.delete(slot);
    return handle;
  }

  #create(slot: Slot, name: string): WaitHandle | Mutex {
    const { Mutex, Semaphore, WaitableEvent, WaitableTimer } = this.#package.rtworkq;
    switch (kindOf(slot)) {
      case 'events':
        return WaitableEvent.create();
      case 'latches':
        return WaitableEvent.create({ manualReset: true });
      case 'timers':
        return WaitableTimer.create();
      case 'mutexes':
        return Mutex.create({ name });
      case 'semaphores':
        this.#counts.set(name, this.#counts.get(name) ?? { released: 0, taken: 0 });
        return Semaphore.create(slot === 'S0' ? { name, maximum: FEW } : { name });
    }
  }

  /** Counts the signals that a wait has taken, if they are those of semaphores. */
  #taken(targets: readonly Slot[]): void {
    for (const slot of targets) this.#countOf(slot, (count) => count.taken++);
  }

  #countOf(slot: Slot, change: (count: Count) => void): void {
    const count = this.#counts.get(this.#names.get(objectOf(slot)) ?? '');
    if (count) change(count);
  }

  #options(op: string, limit: Limit): WaitOptions {
    const controller = new AbortController();
    this.#controllers.set(op, controller);
    return { signal: controller.signal, ...timeoutOption(limit) };
  }

  #wait({ op, how, targets, raw, limit }: Action & { do: 'wait' }): void {
    const { waitFor, waitForAny, waitForAll } = this.#package.rtworkq;
    const handles = targets.map((slot) => this.#handle<WaitHandle>(slot)).map((each) => (raw && !each.closed ? each.handle : each));
    const options = this.#options(op, limit);
    // A look takes its signal during the call.
    const isSignal = limit === 'now' ? () => false : (value: unknown) => value !== 'timeout';
    if (how === 'waitForAny') {
      const text = (value: SignaledTarget | 'timeout') => {
        if (value === 'timeout') return value;
        this.#taken([targets[value.index]!]);
        return `target ${value.index}`;
      };
      this.#recorder.follow(op, waitForAny(handles, options), text, isSignal);
      return;
    }
    const wait = how === 'waitFor' ? waitFor(handles[0]!, options) : waitForAll(handles, options);
    const text = (value: 'signaled' | 'timeout') => {
      if (value === 'signaled') this.#taken(targets);
      return value;
    };
    this.#recorder.follow(op, wait, text, isSignal);
  }

  #next({ op, slot }: Action & { do: 'next' }): void {
    const handle = this.#handle<Semaphore>(slot);
    let loop = this.#loops.get(slot);
    if (!loop) {
      const controller = new AbortController();
      loop = { signals: handle.signals({ signal: controller.signal }), controller };
      this.#loops.set(slot, loop);
    }
    this.#controllers.set(op, loop.controller);
    const text = ({ done }: IteratorResult<unknown>) => {
      if (done) return 'done';
      this.#taken([slot]);
      return 'signaled';
    };
    const next = loop.signals.next().catch((error) => {
      this.#loops.delete(slot);
      throw error;
    });
    this.#recorder.follow(op, next, text, ({ done }) => !done);
  }

  #leave(slot: Slot): void {
    const loop = this.#loops.get(slot);
    this.#loops.delete(slot);
    void loop?.signals.return?.();
  }

  #release({ slot, count }: Action & { do: 'release' }): number {
    const before = this.#handle<Semaphore>(slot).release(count);
    this.#countOf(slot, (counts) => {
      counts.released += count;
    });
    return before;
  }

  #acquire({ op, slot, limit }: Action & { do: 'acquire' }): void {
    const acquiring = this.#handle<Mutex>(slot).acquire(this.#options(op, limit));
    const name = this.#nameOf(objectOf(slot));
    this.#recorder.follow(op, acquiring, (lock) => (lock ? this.#locked(op, name, lock) : 'timeout'));
  }

  #locked(op: string, name: string, lock: MutexLock): string {
    const others = [...this.#locks].filter(([other, { released }]) => !released && this.#owned.get(other) === name);
    for (const [other] of others) this.#recorder.violations.push(`${op} has acquired ${name}, which ${other} holds`);
    this.#locks.set(op, lock);
    this.#owned.set(op, name);
    return lock.abandoned ? 'lock, abandoned' : 'lock';
  }

  /** The mutexes of the locks. */
  readonly #owned = new Map<string, string>();

  #request({ op, limit }: Action & { do: 'request' }): void {
    const name = this.#nameOf('X0');
    const { timeout, signal } = this.#options(op, limit === 'if available' ? 'none' : limit);
    const options = limit === 'if available' ? { ifAvailable: true } : { signal, timeout };
    const hold = (lock: MutexLock | null): Promise<string> | string => {
      if (!lock) return 'not available';
      this.#recorder.note(op, this.#locked(op, name, lock));
      return new Promise((resolve) => {
        this.#callbacks.set(op, () => {
          this.#callbacks.delete(op);
          resolve('finished');
        });
      });
    };
    this.#recorder.follow(op, this.#package.rtworkq.locks.request(name, options as object, hold), String);
  }

  #queue(queue: Queue): WorkQueue {
    const { WorkQueue } = this.#package.rtworkq;
    if (queue === 'standard' || queue === 'multithreaded') return WorkQueue[queue];
    return this.#queues.get(queue) ?? this.#openQueue(queue);
  }

  /** Q1 is a serial queue. */
  #openQueue(queue: Queue): WorkQueue {
    const { WorkQueue } = this.#package.rtworkq;
    const open = this.#queues.get(queue);
    if (open && !open.closed) return open;
    const opened = queue === 'Q1' ? WorkQueue.allocateSerial(WorkQueue.multithreaded) : WorkQueue.allocate('standard');
    this.#queues.set(queue, opened);
    return opened;
  }

  #startItem(action: Action & { do: 'put' | 'putMany' | 'invoke' | 'schedule' | 'waitOnQueue' }): void {
    const { op } = action;
    const queue = this.#queue(action.queue);
    const { signal } = this.#options(op, 'none');
    if (action.do === 'putMany') {
      const items = queue.putMany(action.count, { signal });
      this.#items.set(op, items);
      this.#recorder.follow(op, items, ({ status }) => `fired ${status.join(' ')}`);
      return;
    }
    const start = {
      put: () => queue.put({ signal, priority: (action as { priority: number }).priority }),
      invoke: () => queue.invoke({ signal, status: (action as { status: number }).status }),
      schedule: () => queue.schedule((action as { milliseconds: number }).milliseconds, { signal }),
      waitOnQueue: () => queue.wait(this.#handle<WaitHandle>((action as { slot: Slot }).slot), { signal }),
    }[action.do];
    const item = start();
    this.#items.set(op, item);
    this.#recorder.follow(op, item, ({ status }) => `fired ${status}`);
  }

  #sleep({ op, milliseconds }: Action & { do: 'sleep' | 'callLater' }): void {
    const { signal } = this.#options(op, 'none');
    const before = this.#surroundings.now();
    const promise = this.#package.promises.setTimeout(milliseconds, op, { signal });
    this.#recorder.timerStarted(op, before, this.#surroundings.now(), milliseconds);
    this.#recorder.follow(op, promise, () => this.#fired(op));
  }

  #callLater({ op, milliseconds }: Action & { do: 'sleep' | 'callLater' }): void {
    const before = this.#surroundings.now();
    const timer = this.#package.timers.setTimeout(() => this.#recorder.settle(op, this.#fired(op)), milliseconds);
    this.#recorder.timerStarted(op, before, this.#surroundings.now(), milliseconds);
    this.#recorder.start(op);
    this.#timers.set(op, timer);
  }

  #fired(op: string): string {
    this.#recorder.timerFired(op);
    return 'fired';
  }

  #clear(op: string): void {
    this.#package.timers.clearTimeout(this.#timers.get(op));
    if (this.#recorder.pending.has(op)) this.#recorder.settle(op, 'cleared');
  }

  /** When shutdown() resolves, everything that it ends has settled. */
  #shutdown(op: string): void {
    const ended = [...this.#recorder.pending].filter((each) => !this.#survives(each));
    this.#recorder.follow(op, this.#package.rtworkq.shutdown(), () => {
      const left = ended.filter((each) => this.#recorder.pending.has(each));
      return left.length > 0 ? `over before ${left.join()}` : 'over';
    });
  }

  /** Timers do not end with the platform, nor do callbacks that run. */
  #survives(op: string): boolean {
    return this.#timers.has(op) || this.#callbacks.has(op) || /^(sleep|holder|drain)/.test(op);
  }

  /** Counts what is left. Nothing waits for it any more, so every signal that was released was either taken or is left. */
  async #drain(slot: Slot): Promise<number> {
    const handle = this.#handle<WaitHandle>(slot);
    let left = 0;
    while ((await this.#package.rtworkq.waitFor(handle, { timeout: 0 })) === 'signaled') left++;
    this.#countOf(slot, ({ released, taken }) => {
      if (released !== taken + left) this.#recorder.violations.push(`${slot}: ${released} released, ${taken} taken, ${left} left`);
    });
    return left;
  }
}
