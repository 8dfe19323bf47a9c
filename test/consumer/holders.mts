// Ways in which programs hold timers. types.test.ts compiles this file as it is, and with node:timers instead, so that only what
// programs can do with Node's timers counts.

import { promisify } from 'node:util';
import * as timers from 'rtworkq/timers';
import { clearImmediate, clearInterval, clearTimeout, setImmediate, setInterval, setTimeout } from 'rtworkq/timers';
import * as timersPromises from 'rtworkq/timers/promises';

type Timers = typeof import('node:timers');
type TimersPromises = typeof import('node:timers/promises');

// A property of a class.
export class Poller {
  private timer: NodeJS.Timeout | undefined;
  private beat: NodeJS.Timeout | null = null;
  private immediate?: NodeJS.Immediate;
  protected own: ReturnType<typeof setTimeout> | undefined = undefined;
  readonly #first: NodeJS.Timeout = setTimeout(() => this.stop(), 5);
  readonly timers: NodeJS.Timeout[] = [setTimeout(() => {}, 5), setInterval(() => {}, 5)];

  start(): void {
    this.timer = setTimeout(() => this.start(), 5);
    this.beat = setInterval(() => this.stop(), 5).unref();
    this.immediate = setImmediate(() => this.stop());
    this.own = setTimeout(this.stop.bind(this), 5);
  }

  stop(): void {
    clearTimeout(this.timer);
    if (this.beat) clearInterval(this.beat);
    clearImmediate(this.immediate);
    clearTimeout(this.own);
    clearTimeout(this.#first);
    for (const timer of this.timers) clearTimeout(timer);
    this.timer = undefined;
    this.timers.push(setTimeout(() => {}, 5));
  }
}

// A variable, a collection, a return value, an argument.
export let latest: NodeJS.Timeout = setTimeout(() => {}, 5);
latest = setInterval(() => {}, 5);
export let own = setTimeout(() => {}, 5);
own = setInterval(() => {}, 5);
export let returned: ReturnType<typeof setInterval> = setInterval(() => {}, 5);
returned = own;
latest = own;
export const byName = new Map<string, NodeJS.Timeout>();
byName
  .set(
    'name',
    setTimeout(() => {}, 5),
  )
  .set(
    'other',
    setInterval(() => {}, 5),
  );
clearTimeout(byName.get('name'));
export const all = new Set<NodeJS.Timeout>([setTimeout(() => {}, 5)]);
export const names = new WeakMap<NodeJS.Timeout, string>([[own, 'name']]);
export const record: Record<string, NodeJS.Timeout | undefined> = { name: setTimeout(() => {}, 5) };
export const state: { timer: NodeJS.Timeout | null; ids: (NodeJS.Timeout | number)[] } = { timer: own, ids: [own, Number(own)] };
export const start = (delay: number): NodeJS.Timeout =>
  setTimeout(() => {}, delay)
    .ref()
    .refresh();
export function stop(timer: NodeJS.Timeout | string | number | undefined): void {
  clearTimeout(timer);
  clearInterval(timer);
}
stop(own);
stop(own[Symbol.toPrimitive]());
stop(`${own}`);
globalThis.clearTimeout(own);
globalThis.clearInterval(own);
export const late = own._onTimeout;
export const hasRef: boolean = own.hasRef() && own.close().hasRef();

export function debounce<Args extends unknown[]>(call: (...args: Args) => void, delay: number): (...args: Args) => void {
  let timeout: NodeJS.Timeout | undefined;
  return (...args) => {
    clearTimeout(timeout);
    timeout = setTimeout(() => call(...args), delay);
  };
}

export function scoped(): boolean {
  using timeout = setTimeout(() => {}, 5);
  return timeout.hasRef();
}

// Callbacks.
export const sleeping = new Promise<void>((resolve) => setTimeout(resolve, 5));
export const untyped = new Promise((resolve) => setTimeout(resolve, 5));
export const value = new Promise<string>((resolve) => setTimeout(resolve, 5, 'value'));
setTimeout(async () => {}, 5);
setTimeout((one: number, other: string) => other.repeat(one), 5, 1, 'x');
setInterval(console.log, 5, 'called');
setTimeout(process.exit, 5, 1);
setTimeout(() => {});
export const promisified: Promise<string> = promisify(setTimeout)(5, 'value');
export const sleep: (delay: number) => Promise<void> = promisify(setTimeout);
export const waited: Promise<string> = timers.promises.setTimeout(5, 'value');

// The functions as values.
export const asNodes: Timers = timers;
export const promisesAsNodes: TimersPromises = timersPromises;
export const asGlobal: typeof globalThis.setTimeout = setTimeout;
export const { setTimeout: startLater, clearTimeout: stopLater }: Pick<Timers, 'setTimeout' | 'clearTimeout'> = timers;
export interface Clock {
  setTimeout(callback: () => void, delay?: number): NodeJS.Timeout;
  clearTimeout(timeout: NodeJS.Timeout | undefined): void;
  setInterval: Timers['setInterval'];
}
export const clock: Clock = { setTimeout, clearTimeout, setInterval };
export const withClock = ({ setTimeout: later }: Timers = timers): NodeJS.Timeout => later(() => {}, 5);
withClock(timers);
export type Arguments = Parameters<typeof setTimeout>;
export type Started = ReturnType<typeof start>;
