// The start and the end of a simulation: which addon and which host the package uses in this thread.

import { closeUnusedLocks } from '../handles/locks';
import { useAddon } from '../internal/binding';
import { callEach, currentEnvironment, type Environment, openedEnvironment } from '../internal/environment';
import { type Caller, codedError, type Ended } from '../internal/errors';
import { useHost } from '../internal/host';
import { optionsReader } from '../internal/options';
import { listPending } from '../internal/pending';
import { optional, validateMilliseconds, validateOneOf } from '../internal/validation';
import { endUses, hasLeases } from '../platform/platform';
import { timers } from '../timers/timers';
import { HostClock } from './host-clock';
import { ManualClock } from './manual-clock';
import { makeAddon } from './native/addon';
import type { SimulatedClock } from './simulated-clock';
import { Simulation } from './simulation';
import { Failures } from './windows/failures';
import { Machine } from './windows/machine';
import { type Context, World } from './windows/world';

/** Options of {@link simulate}. */
export interface SimulateOptions {
  /**
   * What moves the time.
   *
   * - `'manual'`: {@link Simulation.advance} and {@link Simulation.runAll}, and nothing else;
   * - `'host'`: the timers of the host, whichever are in place: those of a test runner's fake clock, or the real ones. The fake clock
   *   then drives this package's timers as it drives Node's own.
   *
   * Default: `'manual'`.
   */
  clock?: 'manual' | 'host' | undefined;
  /**
   * The time between two ticks of Windows' timer, in milliseconds, from 0.5 to 2 ** 39. What depends on the tick then happens at a tick,
   * as it does on Windows, whose default is 15.625: scheduled work items, periodic callbacks, and waitable timers without high
   * resolution. {@link requestTimerResolution} makes it finer. Default: everything is exact.
   */
  tick?: number | undefined;
}

const SHORTEST_TICK = 0.5;
const CLOCKS = ['manual', 'host'] as const;

const read = optionsReader(({ clock, tick }: SimulateOptions): SimulateOptions => ({ clock, tick }));

let isSimulated = false;

/** What this thread has that a simulation would take away from it. */
function uses(environment: Environment | undefined): string[] {
  const found = listPending().map(({ kind }) => kind as string);
  if (isSimulated) found.push('another simulation');
  if (!environment) return found;
  if (environment.handles.size > 0) found.push('handles');
  if (environment.dependents.size > 0) found.push('work queues or registrations');
  if (environment.leases.size > 0 || hasLeases(environment)) found.push('leases');
  return found;
}

function checkUnused(caller: Caller): void {
  closeUnusedLocks();
  const found = [...new Set(uses(openedEnvironment()))];
  if (found.length === 0) return;
  const message = `A simulation cannot start while this thread has anything pending or open: ${found.join(', ')}.`;
  throw codedError(Error, 'ERR_INVALID_STATE', message, caller);
}

/** The machine's own Windows is back. */
function leave(): void {
  useAddon();
  useHost();
  isSimulated = false;
}

/** The clock stands still meanwhile, so that the package finds no difference between its own and the machine's. */
function openOrLeave(clock: SimulatedClock, caller: Caller): Environment {
  try {
    return clock.holdStill(() => currentEnvironment(caller));
  } catch (error) {
    leave();
    throw error;
  }
}

/** Ends all that has been started in the simulation. */
function endEverything(environment: Environment, why: Ended, machine: Machine, context: Context): void {
  endUses(environment, why);
  callEach([...environment.handles], (handle) => {
    handle.close();
    handle.end(why);
  });
  callEach([...environment.leases], (lease) => lease.end());
  machine.end();
  context.channel.finish();
  machine.end();
}

/**
 * Replaces Windows in this thread by a simulation in JavaScript, on every system, until the simulation ends.
 *
 * Everything in this package works then, with the same checks, errors and order as on Windows: work items, queues, waits, handles,
 * mutexes and locks, timers, MMCSS. Only native work does not run: {@link Simulation.work} stands in for it. Other threads are not
 * affected.
 *
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE` or RangeError `ERR_OUT_OF_RANGE` for invalid options.
 * @throws Error `ERR_INVALID_STATE` while this thread has anything of this package pending or open: operations, timers, handles, work
 *   queues, leases, registrations, or another simulation.
 * @example
 * ```ts
 * import { simulate } from 'rtworkq/testing';
 *
 * using sim = simulate({ clock: 'manual' });
 * using ready = WaitableEvent.create({ name: 'Local\\my-app-ready' });
 * const waiting = waitFor(ready, { timeout: 1_000 });
 * await sim.advance(1_000);
 * console.log(await waiting); // timeout
 * ```
 */
export function simulate(options?: SimulateOptions): Simulation {
  const caller = simulate;
  const given = read(options, caller);
  const kind = optional(given.clock, 'manual', (value) => validateOneOf(value, 'options.clock', CLOCKS, caller));
  const tick = optional(given.tick, 0, (value) => validateMilliseconds(value, 'options.tick', SHORTEST_TICK, caller));
  checkUnused(caller);
  const manual = kind === 'manual' ? new ManualClock() : undefined;
  const hosted = manual ? undefined : new HostClock();
  const clock = (manual ?? hosted) as SimulatedClock;
  const machine = new Machine(clock, new Failures(), tick);
  clock.run(machine);
  const world = new World(machine);
  let context: Context | undefined;
  const addon = makeAddon(world, (opened) => {
    context = opened;
  });
  isSimulated = true;
  useAddon(addon);
  useHost(clock.host);
  const environment = openOrLeave(clock, caller);
  if (hosted) hosted.isAlive = () => context?.channel.isAlive ?? false;
  return Simulation.make({
    world,
    clock: manual,
    end: (why) => {
      timers.abandon(why);
      endEverything(environment, why, machine, context as Context);
      clock.end();
      leave();
    },
  });
}
