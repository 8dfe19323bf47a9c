// Faults that are planted in the simulation, to show that the model test finds them.

import type { Fault, Hooks, NativeFunctions } from './simulated';

/** One call of so many is wrong. Few items are put right before another one in the same serial queue. */
const SELDOM = 20;
const OFTEN = 3;

type Call = (...args: never[]) => unknown;

/** Replaces one of so many calls of a function. */
function nowAndThen(
  functions: NativeFunctions,
  name: string,
  instead: (own: Call, args: never[]) => unknown,
  every = SELDOM,
): NativeFunctions {
  const own = functions[name] as Call;
  let calls = 0;
  return { ...functions, [name]: (...args) => (++calls % every === 0 ? instead(own, args) : own(...args)) };
}

/** Puts an item after the next one, if that is put at once. */
function putLate(functions: NativeFunctions): NativeFunctions {
  const own = functions['put'] as Call;
  let late = (): void => {};
  const putLateOnes = (): void => {
    const put = late;
    late = () => {};
    put();
  };
  const delay = (_: Call, args: never[]): number => {
    late = () => own(...args);
    queueMicrotask(putLateOnes);
    return 0;
  };
  const { put } = nowAndThen(functions, 'put', delay, OFTEN);
  return {
    ...functions,
    put(...args) {
      const earlier = late;
      const outcome = (put as Call)(...args);
      if (earlier === late) putLateOnes();
      return outcome;
    },
  };
}

/** Acquires another mutex, which is free, so that two own one. */
function acquireAnother(functions: NativeFunctions, { out }: Hooks): NativeFunctions {
  return nowAndThen(functions, 'acquireMutex', (own, [id, ref, , timeout]) => {
    functions['createMutex']?.();
    return own(id as never, ref as never, out[0] as never, timeout as never);
  });
}

export const FAULTS = {
  'a lost signal': { alter: (functions) => nowAndThen(functions, 'setEvent', () => 0) },
  'a signal that two waits get': {
    alter: (functions) =>
      nowAndThen(functions, 'releaseSemaphore', (own, [handle, count]) => own(handle as never, (Number(count) + 1) as never)),
  },
  'a mutex that two own': { alter: acquireAnother },
  'items in another order': { alter: putLate },
} satisfies Record<string, Fault>;
