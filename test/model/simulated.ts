// The simulation as a model or a subject: rtworkq/testing, from the files of lib/, so that its choices can be made, and faults planted.

import { join } from 'node:path';
import type { simulate as Simulate } from 'rtworkq/testing';
import { type Choose, oneOf } from './choices';
import type { Model } from './lockstep';
import type { Package } from './world';

/** What the simulation calls the addon's functions, as far as faults need them. */
export type NativeFunctions = Record<string, (...args: never[]) => unknown>;

/** Through which the addon returns more than one value. */
export interface Hooks {
  out: Float64Array;
}

/** A switch that only the test has: what happens to the functions of the simulated addon. */
export interface Fault {
  /** May replace functions. */
  alter(functions: NativeFunctions, hooks: Hooks): NativeFunctions;
}

interface Addon {
  open(hooks: Hooks): NativeFunctions;
}

/** An object of the simulated kernel, which lets waits take its signals. */
interface KernelObject {
  readonly signaled: boolean;
  wake(): void;
}

type MachineClass = new (...args: never[]) => { choose<T>(candidates: readonly T[]): T };

/** The modules of a copy of lib/ that the simulation's parts come from. Replaced exports are what simulate() then uses. */
interface Modules {
  machine: { Machine: MachineClass };
  timers: { TimerObject: { prototype: { reset(): void } } };
  objects: { KernelObject: { prototype: KernelObject } };
  addon: { makeAddon(...args: never[]): Addon };
  ownHost: { ownHost: { nextTurn(callback: () => void): void } };
}

const lib = join(__dirname, '../../lib');

/** Another copy of the package: it has state of its own. */
export function loadCopy(): { package: Package; simulate: typeof Simulate; modules: Modules } {
  const kept = Object.entries(require.cache).filter(([file]) => file.startsWith(lib));
  for (const [file] of kept) delete require.cache[file];
  const load = (name: string) => require(join(lib, name));
  const copy = {
    package: { rtworkq: load('index'), timers: load('timers/index'), promises: load('timers/promises') },
    modules: {
      machine: load('testing/windows/machine'),
      timers: load('testing/windows/timer-object'),
      objects: load('testing/windows/objects'),
      addon: load('testing/native/addon'),
      ownHost: load('internal/own-host'),
    },
    simulate: load('testing/index').simulate,
  };
  for (const file of Object.keys(require.cache)) if (file.startsWith(lib)) delete require.cache[file];
  for (const [file, module] of kept) require.cache[file] = module;
  return copy;
}

const turns: (() => void)[] = [];

/**
 * A turn for the simulations, which is a hundred times as quick as one of the event loop. All promise callbacks and ticks that there are
 * run before it, and between two turns.
 */
function quickTurn(callback: () => void): void {
  turns.push(callback);
  if (turns.length === 1) awaitTurn();
}

function awaitTurn(): void {
  queueMicrotask(() =>
    process.nextTick(() => {
      const turn = turns[0]!;
      turns.shift();
      if (turns.length > 0) awaitTurn();
      turn();
    }),
  );
}

/** Opens simulations, one at a time. Wine's waitable timers are not quite Windows'. */
export function simulations({ fault, wine = false }: { fault?: Fault | undefined; wine?: boolean }): (choose: Choose) => Model {
  const { package: own, simulate, modules } = loadCopy();
  // A timer that is set again keeps its signal.
  if (wine) modules.timers.TimerObject.prototype.reset = () => {};
  let choose: Choose = () => 0;
  /** How many signals waits have taken. */
  let taken = 0;

  modules.ownHost.ownHost.nextTurn = quickTurn;
  const { Machine } = modules.machine;
  modules.machine.Machine = class extends Machine {
    constructor(...args: never[]) {
      super(...args);
      this.choose = (candidates) => {
        taken++;
        return oneOf(candidates, choose);
      };
    }
  };

  // The threads that wait may be late: they then find several signals at once.
  let isHeld = false;
  const late = new Set<KernelObject>();
  const { prototype } = modules.objects.KernelObject;
  const { wake } = prototype;
  prototype.wake = function () {
    if (isHeld) late.add(this);
    else wake.call(this);
  };
  /** The threads that are late find the objects signaled in any order: a wait for any returns the first in its list. */
  const hold = (held: boolean): void => {
    isHeld = held;
    while (!held && late.size > 0) {
      const object = oneOf([...late], choose);
      late.delete(object);
      wake.call(object);
    }
  };
  /** Lets one wait for each object take a signal. An object looks signaled until then. */
  const takeOne = (): void => {
    for (const object of late) {
      const before = taken;
      const isSignaled = (): boolean => Reflect.get(Object.getPrototypeOf(object), 'signaled', object);
      Object.defineProperty(object, 'signaled', { configurable: true, get: () => taken === before && isSignaled() });
      wake.call(object);
      Reflect.deleteProperty(object, 'signaled');
    }
  };

  const { makeAddon } = modules.addon;
  modules.addon.makeAddon = (...args) => {
    const addon = makeAddon(...args);
    return {
      ...addon,
      open(hooks) {
        const functions = addon.open(hooks);
        return fault?.alter(functions, hooks) ?? functions;
      },
    };
  };

  return (chooses) => {
    choose = chooses;
    const sim = simulate({ clock: 'manual' });
    return {
      package: own,
      now: () => sim.now,
      advance: (milliseconds) => sim.advance(milliseconds),
      hold,
      takeOne,
      async holderEnds(name) {
        const other = sim.startProcess();
        other.acquireMutex(name).catch(() => {});
        other.exit();
      },
      end: () => sim.end(),
    };
  };
}
