// Faults that are planted in the simulation, to show that the model test finds them.

import type { Fault, Hooks, NativeFunctions } from './simulated';

/** One call of so many is wrong. */
const OFTEN = 20;

type Call = (...args: never[]) => unknown;

/** Replaces one of so many calls of a function. */
function nowAndThen(functions: NativeFunctions, name: string, instead: (own: Call, args: never[]) => unknown): NativeFunctions {
  const own = functions[name] as Call;
  let calls = 0;
  return { ...functions, [name]: (...args) => (++calls % OFTEN === 0 ? instead(own, args) : own(...args)) };
}

const VALUES_PER_COMPLETION = 4;

/** Reports two completions in the wrong order, if there are two. */
function swapping(hooks: Hooks): Hooks {
  const { batch } = hooks;
  return {
    ...hooks,
    batch,
    settle(count) {
      if (count > 1) {
        const first = batch.slice(0, VALUES_PER_COMPLETION);
        batch.copyWithin(0, VALUES_PER_COMPLETION, 2 * VALUES_PER_COMPLETION);
        batch.set(first, VALUES_PER_COMPLETION);
      }
      hooks.settle(count);
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
  'completions in another order': { hooks: swapping },
} satisfies Record<string, Fault>;
