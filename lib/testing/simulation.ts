// A simulation: what a test does with the simulated Windows.

import type { NativeWork, RtwqErrorCode } from '../index';
import { argumentValueError, type Caller, codedError, type Ended, endedBy } from '../internal/errors';
import { HRESULTS, type KnownCode } from '../internal/hresults';
import { showAs } from '../internal/inspection';
import { optionsReader } from '../internal/options';
import { optional, validateFunction, validateInteger, validateMilliseconds, validateOneOf, validateUnsigned } from '../internal/validation';
import type { ManualClock } from './manual-clock';
import { ended, SimulatedProcess } from './process';
import { FUNCTIONS, type WindowsFunction } from './windows/functions';
import type { Machine } from './windows/machine';
import { registerWork, Work } from './windows/work';
import type { World } from './windows/world';

/** Options of {@link Simulation.runAll}. */
export interface RunOptions {
  /** How many events may happen, from 1 to 2 ** 31 - 1, before something must repeat without an end. Default: 10,000. */
  limit?: number | undefined;
}

/** Options of {@link Simulation.work}. */
export interface WorkOptions {
  /** How long it keeps the queue's thread busy, in milliseconds of the simulation, from 0 to 2 ** 39. Default: 0. */
  duration?: number | undefined;
}

/** What ends with a simulation. */
export interface Parts {
  readonly world: World;
  /** Undefined if the host's clock is used. */
  readonly clock: ManualClock | undefined;
  /** Ends the simulation. */
  end(why: Ended): void;
}

const KEY = Symbol('simulations are made by simulate()');

const MOST = 2 ** 31 - 1;
const DEFAULT_LIMIT = 10_000;

const readRun = optionsReader(({ limit }: RunOptions): RunOptions => ({ limit }));
const readWork = optionsReader(({ duration }: WorkOptions): WorkOptions => ({ duration }));

function validateCode(code: unknown, caller: Caller): number {
  if (typeof code === 'number') return validateUnsigned(code, 'code', caller);
  return HRESULTS[validateOneOf(code, 'code', Object.keys(HRESULTS) as KnownCode[], caller)][0];
}

/**
 * A simulation of Windows, from {@link simulate}.
 *
 * @example
 * ```ts
 * import { simulate } from 'rtworkq/testing';
 *
 * using sim = simulate();
 * const item = scheduleWorkItem(500);
 * await sim.advance(500);
 * console.log((await item).firedAt); // 500
 * ```
 */
export class Simulation implements Disposable {
  readonly #parts: Parts;
  readonly #processes = new Set<SimulatedProcess>();
  #ended = false;

  private constructor(key: symbol, parts: Parts) {
    if (key !== KEY) throw codedError(TypeError, 'ERR_ILLEGAL_CONSTRUCTOR', 'Illegal constructor', Simulation);
    this.#parts = parts;
  }

  static {
    showAs(Simulation, 'Simulation', (simulation) => ({ now: simulation.now, ended: simulation.#ended }));
  }

  /** @internal */
  static make(parts: Parts): Simulation {
    return new Simulation(KEY, parts);
  }

  /**
   * The time, in milliseconds. It is what this package takes for `performance.now()`: times such as
   * {@link WorkItemResult.firedAt | firedAt} are on it. A clock that is moved by hand starts at 0.
   */
  get now(): number {
    return this.#parts.world.machine.now;
  }

  /** Whether it has ended. */
  get ended(): boolean {
    return this.#ended;
  }

  /**
   * Moves the time. All that is due until then happens, in order and each at its own time, also what the code that awaits it starts;
   * promise callbacks, ticks and turns of the event loop run in between.
   *
   * With 0, what takes no time happens. Calls that overlap follow each other.
   *
   * @param milliseconds from 0 to 2 ** 39, fractions included.
   * @returns a promise that resolves when nothing is left to do at the new time. Rejects with `ERR_INVALID_ARG_TYPE` or
   *   `ERR_OUT_OF_RANGE` for an invalid argument, and with `ERR_INVALID_STATE` if the simulation has ended or the host moves its time.
   * @example
   * ```ts
   * import { simulate } from 'rtworkq/testing';
   *
   * using sim = simulate();
   * const beats: number[] = [];
   * using beat = addPeriodicCallback(() => beats.push(sim.now));
   * await sim.advance(30);
   * console.log(beats); // [ 10, 20, 30 ]
   * ```
   */
  async advance(milliseconds: number): Promise<void> {
    const caller = this.advance;
    const clock = this.#clock(caller);
    await clock.advance(validateMilliseconds(milliseconds, 'milliseconds', 0, caller));
  }

  /**
   * Moves the time until nothing is left to happen.
   *
   * @returns a promise that resolves then. Rejects with `ERR_OPERATION_FAILED` after too many events: an interval or a periodic
   *   callback has no end; with `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE` or `ERR_OUT_OF_RANGE` for invalid options; and with
   *   `ERR_INVALID_STATE` as {@link Simulation.advance} does.
   */
  async runAll(options?: RunOptions): Promise<void> {
    const caller = this.runAll;
    const clock = this.#clock(caller);
    const { limit } = readRun(options, caller);
    await clock.runAll(optional(limit, DEFAULT_LIMIT, (value) => validateInteger(value, 'options.limit', 1, MOST, caller)));
  }

  /**
   * Starts another process of the simulated machine.
   *
   * @throws Error `ERR_INVALID_STATE` if the simulation has ended.
   * @example
   * ```ts
   * import { simulate } from 'rtworkq/testing';
   *
   * using sim = simulate();
   * const other = sim.startProcess();
   * const exit = waitForProcessExit(other.pid);
   * other.exit(3);
   * console.log(await exit); // 3
   * ```
   */
  startProcess(): SimulatedProcess {
    this.#check(this.startProcess);
    const started = SimulatedProcess.start(this.#parts.world);
    this.#processes.add(started);
    return started;
  }

  /**
   * Makes the next calls of a Windows function fail, whichever call of this package makes them. Failures that are planned for the
   * same function follow each other.
   *
   * @param name such as `'RtwqPutWorkItem'`.
   * @param code an {@link RtwqError.code} that this package knows, or an HRESULT from 0x80000000 to 0xFFFFFFFF.
   * @param times how many calls, from 1 to 2 ** 31 - 1. Default: 1.
   * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE` or RangeError `ERR_OUT_OF_RANGE` for invalid arguments; Error
   *   `ERR_INVALID_STATE` if the simulation has ended.
   * @example
   * ```ts
   * import { simulate } from 'rtworkq/testing';
   *
   * using sim = simulate();
   * sim.fail('RtwqPutWorkItem', 'E_OUTOFMEMORY');
   * try {
   *   putWorkItem();
   * } catch (error) {
   *   console.log(error instanceof RtwqError && error.code); // E_OUTOFMEMORY
   * }
   * ```
   */
  fail(name: WindowsFunction, code: RtwqErrorCode | number, times = 1): void {
    const caller = this.fail;
    this.#check(caller);
    validateOneOf(name, 'name', FUNCTIONS, caller);
    const hresult = validateCode(code, caller);
    if (hresult < 2 ** 31) throw argumentValueError('code', 'must be a failure', code, caller);
    this.#parts.world.machine.failures.plan(name, hresult, validateInteger(times, 'times', 1, MOST, caller));
  }

  /**
   * Makes what stands in for native work, for the option `work` of work items.
   *
   * @param run is called when the work is over, with the status of the async result. What it returns becomes the work item's status;
   *   if it returns nothing, 0. Default: it does nothing.
   * @param options `duration` keeps the queue's thread busy.
   * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE` or RangeError `ERR_OUT_OF_RANGE` for invalid arguments; Error
   *   `ERR_INVALID_STATE` if the simulation has ended.
   * @example
   * ```ts
   * import { simulate } from 'rtworkq/testing';
   *
   * using sim = simulate();
   * const work = sim.work(() => 0, { duration: 20 });
   * WorkQueue.standard.put({ work });
   * const second = WorkQueue.standard.put();
   * await sim.advance(20);
   * console.log((await second).firedAt); // 20
   * ```
   */
  work(run: (status: number) => number | undefined = () => 0, options?: WorkOptions): NativeWork {
    const caller = this.work;
    this.#check(caller);
    validateFunction(run, 'run', caller);
    const { duration } = readWork(options, caller);
    const taken = optional(duration, 0, (value) => validateMilliseconds(value, 'options.duration', 0, caller));
    return registerWork(new Work(run, taken));
  }

  /** @internal Sets what decides where Windows promises no order: it gets the candidates; the first is the default. */
  steer(choose: Machine['choose']): void {
    this.#parts.world.machine.choose = choose;
  }

  /**
   * Ends the simulation. Calling it again does nothing.
   *
   * What is pending rejects with an `AbortError`, whose cause is an {@link RtwqError} (`RTWQ_E_SHUTDOWN`); timers with a callback are
   * cleared. Queues, handles and leases of the simulation are closed. Afterwards this machine's own Windows is back, or its absence.
   */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    const detail = 'The simulation in which the operation was started has ended.';
    const why = endedBy('the simulation has ended', 'RTWQ_E_SHUTDOWN', 'RtwqShutdown', detail, this.end);
    for (const each of this.#processes) each[ended](why);
    this.#parts.end(why);
  }

  /** Ends the simulation at the end of a `using` scope. */
  [Symbol.dispose](): void {
    this.end();
  }

  #check(caller: Caller): void {
    if (this.#ended) throw codedError(Error, 'ERR_INVALID_STATE', 'The simulation has ended.', caller);
  }

  #clock(caller: Caller): ManualClock {
    this.#check(caller);
    const { clock } = this.#parts;
    if (clock) return clock;
    throw codedError(Error, 'ERR_INVALID_STATE', "The simulation has the host's clock: move that one.", caller);
  }
}
