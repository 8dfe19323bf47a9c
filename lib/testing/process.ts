// Another program of the simulated machine, and what it does with named objects.

import { abortError, type Caller, codedError, type Ended, rtwqError } from '../internal/errors';
import { showAs } from '../internal/inspection';
import { optionsReader } from '../internal/options';
import { optional, validateBoolean, validateInteger, validateName, validateUnsigned } from '../internal/validation';
import { withResolvers } from '../internal/with-resolvers';
import type { WindowsFunction } from './windows/functions';
import type { Found, Kind } from './windows/namespace';
import { EventObject, type KernelObject, MutexObject, type ProcessObject, SemaphoreObject, type Waiter } from './windows/objects';
import type { World } from './windows/world';

/** Options of {@link SimulatedProcess.createEvent}. */
export interface SimulatedEventOptions {
  /** Whether it is a manual-reset event. Default: `false`. */
  manualReset?: boolean | undefined;
  /** Whether it starts out set. Default: `false`. */
  signaled?: boolean | undefined;
}

/** Options of {@link SimulatedProcess.createSemaphore}. */
export interface SimulatedSemaphoreOptions {
  /** The count at the start, from 0 to `maximum`. Default: 0. */
  initial?: number | undefined;
  /** The largest count, from 1 to 2 ** 31 - 1. Default: the largest. */
  maximum?: number | undefined;
}

export const ended = Symbol('ended');

const KEY = Symbol('simulated processes are made by Simulation');

const LARGEST = 2 ** 31 - 1;

const readEvent = optionsReader(({ manualReset, signaled }: SimulatedEventOptions): SimulatedEventOptions => ({ manualReset, signaled }));
const readSemaphore = optionsReader(({ initial, maximum }: SimulatedSemaphoreOptions): SimulatedSemaphoreOptions => ({ initial, maximum }));

/** A process's wait for a mutex, and its ownership. */
class Owner implements Waiter {
  readonly #object: MutexObject;
  readonly #promise = withResolvers<'acquired' | 'abandoned'>();
  #owns = false;

  constructor(object: MutexObject) {
    this.#object = object;
    object.join(this);
    object.wake();
  }

  get owns(): boolean {
    return this.#owns;
  }

  get promise(): Promise<'acquired' | 'abandoned'> {
    return this.#promise.promise;
  }

  canTake(): boolean {
    return true;
  }

  take(object: MutexObject): void {
    object.leave(this);
    object.consume(this);
    this.#owns = true;
    this.#promise.resolve(object.wasAbandoned ? 'abandoned' : 'acquired');
  }

  release(): void {
    this.#object.release();
  }

  end(ended: Ended): void {
    this.#object.leave(this);
    if (this.#owns) this.#object.abandon();
    else this.#promise.reject(abortError(ended));
  }
}

/** A process from {@link Simulation.startProcess}. Its methods are what other programs do; names are as in this process. */
export class SimulatedProcess {
  readonly #world: World;
  readonly #object: ProcessObject;
  readonly #open = new Map<KernelObject, number>();
  readonly #owners = new Map<MutexObject, Owner>();

  private constructor(key: symbol, world: World) {
    if (key !== KEY) throw codedError(TypeError, 'ERR_ILLEGAL_CONSTRUCTOR', 'Illegal constructor', SimulatedProcess);
    this.#world = world;
    this.#object = world.processes.start();
    this.#object.onExit = () => this.#end({ by: 'the process has ended', cause: undefined });
  }

  static {
    showAs(SimulatedProcess, 'SimulatedProcess', ({ pid, exitCode }) => ({ pid, exitCode }));
  }

  /** @internal */
  static start(world: World): SimulatedProcess {
    return new SimulatedProcess(KEY, world);
  }

  /** The process id, for {@link ProcessHandle.open} and {@link waitForProcessExit}. */
  get pid(): number {
    return this.#object.pid;
  }

  /** The exit code; undefined while it runs. */
  get exitCode(): number | undefined {
    return this.#object.exitCode;
  }

  /**
   * Ends the process. The mutexes that it owns are abandoned, and the objects that it has open are closed.
   *
   * @param code its exit code, from 0 to 2 ** 32 - 1. Default: 0.
   * @throws TypeError `ERR_INVALID_ARG_TYPE` or RangeError `ERR_OUT_OF_RANGE` for an invalid code; Error `ERR_INVALID_STATE` if it has
   *   already ended.
   */
  exit(code = 0): void {
    const exitCode = validateUnsigned(code, 'code', this.exit);
    this.#checkRuns(this.exit);
    this.#object.exit(exitCode);
  }

  /**
   * Creates an event, or opens the existing one. It stays open until {@link SimulatedProcess.close} or {@link SimulatedProcess.exit}.
   *
   * @throws TypeError `ERR_INVALID_ARG_TYPE` or `ERR_INVALID_ARG_VALUE` for invalid arguments.
   * @throws {@link RtwqError} `E_HANDLE` if another kind of object has the name; `ERROR_PATH_NOT_FOUND` for a name with a backslash.
   */
  createEvent(name: string, options?: SimulatedEventOptions): void {
    const caller = this.createEvent;
    const given = readEvent(options, caller);
    const manualReset = validateBoolean(given.manualReset, 'options.manualReset', false, caller);
    const signaled = validateBoolean(given.signaled, 'options.signaled', false, caller);
    this.#create(EventObject, name, () => new EventObject(this.#world.machine, manualReset, signaled), 'CreateEventExW', caller);
  }

  /** Creates a semaphore, or opens the existing one, in the same way. It throws RangeError `ERR_OUT_OF_RANGE` for an invalid count. */
  createSemaphore(name: string, options?: SimulatedSemaphoreOptions): void {
    const caller = this.createSemaphore;
    const given = readSemaphore(options, caller);
    const maximum = optional(given.maximum, LARGEST, (value) => validateInteger(value, 'options.maximum', 1, LARGEST, caller));
    const initial = optional(given.initial, 0, (value) => validateInteger(value, 'options.initial', 0, maximum, caller));
    const make = (): SemaphoreObject => new SemaphoreObject(this.#world.machine, initial, maximum);
    this.#create(SemaphoreObject, name, make, 'CreateSemaphoreExW', caller);
  }

  /** Creates a mutex, or opens the existing one, in the same way. It does not acquire it. */
  createMutex(name: string): void {
    this.#create(MutexObject, name, () => new MutexObject(this.#world.machine), 'CreateMutexExW', this.createMutex);
  }

  /**
   * Closes what this process has opened or created by that name. If nothing else has it open, the name is free again. A mutex that it
   * owns is abandoned.
   *
   * @throws Error `ERR_INVALID_STATE` if it does not have it open.
   */
  close(name: string): void {
    const object = this.#find(name, this.close);
    if (!object || !this.#open.has(object)) {
      throw codedError(Error, 'ERR_INVALID_STATE', `The process has nothing open that is called '${name}'.`, this.close);
    }
    if (object instanceof MutexObject) this.#leave(object, { by: 'the mutex was closed', cause: undefined });
    const count = this.#open.get(object) ?? 0;
    this.#open.delete(object);
    for (let index = 0; index < count; index++) object.drop();
  }

  /**
   * Sets an event. Another program does not need to have created it.
   *
   * @throws {@link RtwqError} `ERROR_FILE_NOT_FOUND` if there is no such event; `E_HANDLE` if another kind of object has the name.
   */
  setEvent(name: string): void {
    this.#get(EventObject, name, 'OpenEventW', this.setEvent).set();
  }

  /** Resets an event. It throws as {@link SimulatedProcess.setEvent} does. */
  resetEvent(name: string): void {
    this.#get(EventObject, name, 'OpenEventW', this.resetEvent).reset();
  }

  /**
   * Raises the count of a semaphore.
   *
   * @param count from 1 to 2 ** 31 - 1. Default: 1.
   * @returns the count before.
   * @throws {@link RtwqError} `ERROR_TOO_MANY_POSTS` if that exceeds the maximum; otherwise as {@link SimulatedProcess.setEvent}.
   */
  releaseSemaphore(name: string, count = 1): number {
    const caller = this.releaseSemaphore;
    validateInteger(count, 'count', 1, LARGEST, caller);
    const before = this.#get(SemaphoreObject, name, 'OpenSemaphoreW', caller).release(count);
    if (before === undefined) throw rtwqError('ERROR_TOO_MANY_POSTS', 'ReleaseSemaphore', caller);
    return before;
  }

  /**
   * Acquires a mutex: at once if it is free, otherwise when it is this process's turn.
   *
   * @returns a promise of whether its last owner had abandoned it. Rejects with an `AbortError` if the process or the simulation ends
   *   first; and as {@link SimulatedProcess.setEvent} throws; and with Error `ERR_INVALID_STATE` if it already has the mutex, or waits
   *   for it.
   */
  async acquireMutex(name: string): Promise<'acquired' | 'abandoned'> {
    const caller = this.acquireMutex;
    const object = this.#get(MutexObject, name, 'OpenMutexW', caller);
    if (this.#owners.has(object)) {
      throw codedError(Error, 'ERR_INVALID_STATE', `The process has the mutex '${name}', or waits for it.`, caller);
    }
    this.#keep(object);
    const owner = new Owner(object);
    this.#owners.set(object, owner);
    return owner.promise;
  }

  /**
   * Releases a mutex.
   *
   * @throws Error `ERR_INVALID_STATE` if the process does not have it; otherwise as {@link SimulatedProcess.setEvent}.
   */
  releaseMutex(name: string): void {
    const object = this.#get(MutexObject, name, 'OpenMutexW', this.releaseMutex);
    const owner = this.#owners.get(object);
    if (!owner?.owns) {
      throw codedError(Error, 'ERR_INVALID_STATE', `The process does not have the mutex '${name}'.`, this.releaseMutex);
    }
    this.#owners.delete(object);
    owner.release();
  }

  /** @internal Ends what the process has, and what it waits for. */
  [ended](why: Ended): void {
    this.#end(why);
  }

  #checkRuns(caller: Caller): void {
    if (this.exitCode === undefined) return;
    throw codedError(Error, 'ERR_INVALID_STATE', 'The simulated process has ended.', caller);
  }

  #keep(object: KernelObject): void {
    this.#open.set(object.refer(), (this.#open.get(object) ?? 0) + 1);
  }

  #find(name: string, caller: Caller): KernelObject | undefined {
    this.#checkRuns(caller);
    validateName(name, 'name', caller);
    return [...this.#open.keys()].find((object) => this.#world.namespace.has(name, object));
  }

  #create<T extends KernelObject>(kind: Kind<T>, name: string, make: () => T, syscall: WindowsFunction, caller: Caller): void {
    this.#checkRuns(caller);
    validateName(name, 'name', caller);
    this.#keep(this.#check(this.#world.namespace.create(kind, name, make), syscall, caller));
  }

  #get<T extends KernelObject>(kind: Kind<T>, name: string, syscall: WindowsFunction, caller: Caller): T {
    this.#checkRuns(caller);
    validateName(name, 'name', caller);
    return this.#check(this.#world.namespace.open(kind, name), syscall, caller);
  }

  #check<T>(found: Found<T>, syscall: WindowsFunction, caller: Caller): T {
    if ('code' in found) throw rtwqError(found.code, syscall, caller);
    return found.object;
  }

  #leave(object: MutexObject, why: Ended): void {
    const owner = this.#owners.get(object);
    this.#owners.delete(object);
    owner?.end(why);
  }

  #end(why: Ended): void {
    for (const object of [...this.#owners.keys()]) this.#leave(object, why);
    for (const [object, count] of this.#open) {
      for (let index = 0; index < count; index++) object.drop();
    }
    this.#open.clear();
  }
}
