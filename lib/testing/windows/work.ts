// What stands in for native work, which only Windows can run.

import type { NativeWork } from '../../work-items/start';

/** What simulated work does on the queue's thread. */
export class Work {
  readonly run: (status: number) => number | undefined;
  /** How long it keeps the queue's thread busy, in milliseconds of the simulation. */
  readonly duration: number;

  constructor(run: (status: number) => number | undefined, duration: number) {
    this.run = run;
    this.duration = duration;
  }
}

const works = new WeakMap<object, Work>();

export function registerWork(work: Work): NativeWork {
  const handle = Object.freeze(Object.create(null)) as NativeWork;
  works.set(handle, work);
  return handle;
}

export const workOf = (value: unknown): Work | undefined => works.get(value as object);
