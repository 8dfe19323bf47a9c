// The package's internal data structures, for the tests that need them directly.

import { join } from 'node:path';

export interface Heap<T> {
  readonly size: number;
  readonly least: number;
  readonly first: T | undefined;
  push(key: number, item: T): void;
  pop(): T | undefined;
  keep(wanted: (item: T) => boolean): void;
}

export interface Queue<T> {
  readonly size: number;
  readonly first: T | undefined;
  readonly last: T | undefined;
  push(item: T): void;
  shift(): T | undefined;
}

export interface Internals {
  'timers/heap': { Heap: new <T>() => Heap<T> };
  'timers/queue': { Queue: new <T>() => Queue<T> };
}

/** A compiled file of lib/, before dist/ is bundled from all of them. The package has another instance of it. */
export const internal = <Name extends keyof Internals>(name: Name): Internals[Name] =>
  require(join(__dirname, '../../lib', name)) as Internals[Name];
