// A simulation for each test, which ends with it.

import { afterEach } from '@jest/globals';
import { type SimulateOptions, type Simulation, simulate } from 'rtworkq/testing';

let current: Simulation | undefined;

/** Starts a simulation. It ends after the test, if not before. */
export function begin(options?: SimulateOptions): Simulation {
  current = simulate(options);
  return current;
}

afterEach(() => {
  current?.end();
  current = undefined;
});

/** What a call throws or rejects with. */
export async function errorOf(call: () => unknown): Promise<Error & { code?: string; syscall?: string; cause?: unknown }> {
  try {
    await call();
  } catch (error) {
    return error as Error;
  }
  throw new Error('it has not failed');
}
