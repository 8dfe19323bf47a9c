// Arbitrary values for every argument, and every function and method that takes them.

import fc from 'fast-check';
import * as rtworkq from 'rtworkq';
import * as timers from 'rtworkq/timers';
import type { Scene } from './calls';

/** The error that a test's values throw on purpose. */
export const thrown = new Error('thrown on purpose');

const throwing = (): never => {
  throw thrown;
};

const NAMES = [
  ...['signal', 'ref', 'work', 'priority', 'status', 'queue', 'timeout', 'drain', 'name', 'initial', 'maximum', 'period', 'at'],
  ...['manualReset', 'signaled', 'highResolution', 'taskId', 'basePriority', 'inMilliseconds', 'preDeadline'],
  ...['timerResolution', 'executionSpeed', 'security', 'ifAvailable'],
] as const;

// Replaces numbers that may be raw HANDLEs of this process: waiting for one could consume its signal, joining one its completions.
const noHandle = (value: bigint): bigint => (value > 0n && value < 2n ** 64n - 1n ? value << 64n : value);

function revoked(value: object): object {
  const { proxy, revoke } = Proxy.revocable(value, {});
  revoke();
  return proxy;
}

const simple = fc.oneof(
  fc.constantFrom<unknown>(undefined, null, true, false, 0, -0, 1, 5, -1, 2 ** 31, 2 ** 32, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY),
  fc.double(),
  fc.bigInt().map(noHandle),
  fc.string(),
  fc.constantFrom<unknown>(
    'a\0b',
    '\ud800',
    'x'.repeat(261),
    'x'.repeat(2 ** 24),
    'standard',
    'multithreaded',
    Symbol('s'),
    0n,
    2n ** 64n - 1n,
  ),
  fc.constantFrom<unknown>(
    () => {},
    throwing,
    class {},
    async () => {},
    Symbol.iterator,
    AbortSignal.abort(),
    new AbortController(),
  ),
  fc.anything({ withDate: true, withMap: true, withSet: true, withTypedArray: true, withNullPrototype: true, withSparseArray: true }),
);

const bag = fc.dictionary(fc.constantFrom(...NAMES), simple, { maxKeys: 4 });

/** Functions that make objects whose properties or proxy traps throw, so that fast-check itself does not touch these objects. */
const hostile = fc.oneof(
  bag.map((options) => () => new Proxy(options, {})),
  bag.map((options) => () => revoked(options)),
  bag.map((options) => () => Object.create(options) as object),
  fc.constantFrom(...NAMES).map((name) => () => Object.defineProperty({}, name, { enumerable: true, get: throwing })),
  fc.constantFrom(
    () => new Proxy(() => {}, { get: throwing, apply: throwing, has: throwing, getPrototypeOf: throwing }),
    () => new Proxy({}, { get: throwing, has: throwing, ownKeys: throwing, getPrototypeOf: throwing }),
  ),
);

/** Gives a value, for some from the run's scene. */
export type Argument = (scene: Scene) => unknown;

const argument: fc.Arbitrary<Argument> = fc.oneof(
  { weight: 6, arbitrary: fc.oneof(simple, bag).map((made) => () => made) },
  { weight: 2, arbitrary: hostile },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Argument>(...(['queue', 'event', 'timer', 'mutex'] as const).map((name) => (scene: Scene) => scene[name])),
  },
);

/** A function of the package, and its own receiver if it has one. */
export interface Target {
  name: string;
  call(receiver: unknown, args: unknown[]): unknown;
  receiver: Argument | undefined;
}

const of =
  (method: (...args: unknown[]) => unknown) =>
  (receiver: unknown, args: unknown[]): unknown =>
    Reflect.apply(method, receiver, args);

/** An object's public functions. An accessor counts as a function without arguments. */
function functionsOf(owner: object, name: string, receiver: Argument): Target[] {
  const keys = Reflect.ownKeys(owner).filter(
    (key) => typeof key === 'string' || key === Symbol.dispose || key === Symbol.asyncDispose || key === Symbol.asyncIterator,
  );
  return keys
    .filter((key) => !INTERNAL.has(`${name}.${String(key)}`) && key !== 'constructor' && key !== 'prototype')
    .flatMap((key) => {
      const { value: method, get } = Object.getOwnPropertyDescriptor(owner, key) ?? {};
      const found = typeof method === 'function' ? method : get;
      return found ? [{ name: `${name}.${String(key)}`, call: of(found), receiver }] : [];
    });
}

// Not in the package's types.
const INTERNAL = new Set(['WorkItem.start', 'ProcessHandle.openFor', 'Mutex.createFor', 'Timeout.start', 'Timeout.is']);

const isClass = (exported: unknown): exported is { prototype: object } =>
  typeof exported === 'function' && /^class\b/.test(Function.prototype.toString.call(exported));

function targetsOf([name, exported]: [string, unknown], receivers: Readonly<Record<string, Argument>>): Target[] {
  // A namespace such as `locks`.
  if (Object.isFrozen(exported)) return functionsOf(exported as object, name, () => exported);
  if (!isClass(exported)) return typeof exported === 'function' ? [{ name, call: of(exported as never), receiver: undefined }] : [];
  // An ordinary subclass of Error.
  if (name === 'RtwqError') return [];
  const construct: Target = { name: `new ${name}`, call: (_, args) => Reflect.construct(exported as never, args), receiver: undefined };
  const methods = functionsOf(exported.prototype, `${name}.prototype`, receivers[name] ?? (() => ({})));
  return [construct, ...functionsOf(exported, name, () => exported), ...methods];
}

// Not the promise versions: nothing would end a promise that settles in two weeks.
const { setTimeout, setInterval, clearTimeout, clearInterval, Timeout } = timers;
const callbackTimers = { setTimeout, setInterval, clearTimeout, clearInterval, Timeout };

/** Everything that the package exports, and the methods of the objects that its functions return. */
export function allTargets(
  receivers: Readonly<Record<string, Argument>>,
  returned: Readonly<Record<string, [object, Argument]>>,
): Target[] {
  return [
    ...Object.entries({ ...rtworkq, ...callbackTimers }).flatMap((entry) => targetsOf(entry, receivers)),
    ...Object.entries(returned).flatMap(([name, [object, receiver]]) =>
      functionsOf(Object.getPrototypeOf(object) as object, name, receiver),
    ),
  ];
}

/** One call: which function, on what, with which arguments. */
export interface Step {
  target: number;
  /** Undefined for the function's own receiver. */
  otherReceiver: Argument | undefined;
  args: Argument[];
}

export const steps = (targets: number, length: number): fc.Arbitrary<Step[]> =>
  fc.array(
    fc.record({
      target: fc.nat({ max: targets - 1 }),
      otherReceiver: fc.option(argument, { freq: 3, nil: undefined }),
      args: fc.array(argument, { maxLength: 4 }),
    }),
    { minLength: length, maxLength: length },
  );
