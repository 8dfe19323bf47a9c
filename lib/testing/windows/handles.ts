// The handles of the simulated process.

import type { Index } from '../../internal/native';
import type { Mutex } from './mutexes';
import type { KernelObject } from './objects';
import { MutexObject } from './objects';

export interface OpenHandle {
  readonly object: KernelObject;
  readonly value: bigint;
  /** What acquires the mutex for this handle. */
  mutex?: Mutex;
  /** Whether this handle keeps the period of its timer. */
  keepsPeriod?: boolean;
}

// Windows' handles are multiples of four.
const STEP = 4n;

export class Handles {
  readonly #open: (OpenHandle | undefined)[] = [];
  readonly #byValue = new Map<bigint, OpenHandle>();
  #last = 0x100n;

  /** Returns the handle's number. */
  add(object: KernelObject): Index {
    this.#last += STEP;
    const handle: OpenHandle = { object: object.refer(), value: this.#last };
    this.#byValue.set(handle.value, handle);
    return this.#open.push(handle) - 1;
  }

  get(index: Index): OpenHandle {
    return this.#open[index] as OpenHandle;
  }

  /** The object behind a handle, given its number or its value; undefined if nothing has that value. */
  find(handle: Index | bigint): KernelObject | undefined {
    return (typeof handle === 'bigint' ? this.#byValue.get(handle) : this.get(handle))?.object;
  }

  close(index: Index): void {
    const handle = this.#open[index];
    if (!handle) return;
    this.#open[index] = undefined;
    this.#byValue.delete(handle.value);
    handle.object.drop();
  }
}

/** Whether a wait for the object would make the waiting thread its owner. */
export const isMutex = (object: KernelObject): boolean => object instanceof MutexObject;
