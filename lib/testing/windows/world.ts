// What all programs of the simulated machine share, and what this process has of its own.

import process from 'node:process';
import { Handles } from './handles';
import type { Machine } from './machine';
import { TaskGroups, type ThreadTask } from './mmcss';
import { Namespace } from './namespace';
import { ProcessObject } from './objects';
import type { Channel } from './operations';
import type { PlatformEvents } from './periodic';
import { Lock, Queue } from './queues';
import type { Results } from './work-items';

// Process ids are multiples of four.
const PID_STEP = 4;

/** The machine's processes. One is known for as long as it runs or a handle to it is open. */
export class Processes {
  readonly #machine: Machine;
  readonly #known = new Map<number, ProcessObject>();
  #lastPid = 1000;

  constructor(machine: Machine) {
    this.#machine = machine;
    for (const pid of [process.pid, process.ppid]) this.#start(pid);
  }

  start(): ProcessObject {
    do this.#lastPid += PID_STEP;
    while (this.#known.has(this.#lastPid));
    return this.#start(this.#lastPid);
  }

  find(pid: number): ProcessObject | undefined {
    return this.#known.get(pid);
  }

  #start(pid: number): ProcessObject {
    const started = new ProcessObject(this.#machine, pid).refer();
    this.#known.set(pid, started);
    started.onUnreferenced = () => this.#known.delete(pid);
    return started;
  }
}

export class World {
  readonly machine: Machine;
  readonly namespace = new Namespace();
  readonly processes: Processes;
  readonly groups = new TaskGroups();

  constructor(machine: Machine) {
    this.machine = machine;
    this.processes = new Processes(machine);
  }
}

const SMALLEST_PRIVATE_ID = 0x10000;
const FIRST_KEY = 2n ** 63n;

/** The RTWorkQ of this process. */
export class Rtworkq {
  readonly #machine: Machine;
  readonly #queues = new Map<number, Queue>();
  readonly #shared = new Map<string, Queue>();
  readonly observers = new Set<PlatformEvents>();
  readonly system: readonly Lock[];
  #lastId = SMALLEST_PRIVATE_ID;
  #lastKey = FIRST_KEY;

  constructor(machine: Machine) {
    this.#machine = machine;
    this.system = [new Queue(machine, 1, false), new Queue(machine, 5, true), new Queue(machine, 7, true)].map((queue) => new Lock(queue));
  }

  nextKey(): bigint {
    return ++this.#lastKey;
  }

  notify(event: number): void {
    for (const observer of this.observers) observer.note(event);
  }

  find(id: number): Queue | undefined {
    return this.#queues.get(id);
  }

  allocate(parallel: boolean, target?: Queue): Queue {
    const queue = new Queue(this.#machine, ++this.#lastId, parallel, target);
    this.#queues.set(queue.id, queue);
    return queue;
  }

  /** The shared queue of a task group. */
  share(name: string): Queue {
    const queue = this.#shared.get(name) ?? this.allocate(true);
    this.#shared.set(name, queue);
    return queue;
  }

  /** A queue has been unlocked. Returns whether that was the last lock on it. */
  forget(queue: Queue): boolean {
    if (queue.locks > 0) return false;
    this.#queues.delete(queue.id);
    for (const [name, shared] of this.#shared) {
      if (shared === queue) this.#shared.delete(name);
    }
    return true;
  }
}

/** The numbers that lib/ has for what it has made. */
export class Table<T> {
  readonly #items = new Map<number, T>();
  #last = 0;

  add(item: T): number {
    this.#items.set(++this.#last, item);
    return this.#last;
  }

  get(index: number): T {
    return this.#items.get(index) as T;
  }

  remove(index: number): T {
    const item = this.get(index);
    this.#items.delete(index);
    return item;
  }

  values(): T[] {
    return [...this.#items.values()];
  }
}

/** A deadline or a joined file handle. It holds its queue. */
export interface Request {
  readonly lock: Lock;
  readonly isDeadline: boolean;
}

/** What an environment of lib/ has. */
export class Context {
  readonly world: World;
  readonly channel: Channel;
  readonly rtworkq: Rtworkq;
  readonly handles = new Handles();
  readonly requests = new Table<Request>();
  readonly results = new Table<Results>();
  readonly platformLocks = new Table<true>();
  readonly threadTasks = new Table<ThreadTask>();
  readonly timersLeases = new Table<ThreadTask>();
  #locks = new Map<number, Lock>();
  #lastLock: number;

  constructor(world: World, channel: Channel) {
    this.world = world;
    this.channel = channel;
    this.rtworkq = new Rtworkq(world.machine);
    this.#locks = new Map(this.rtworkq.system.entries());
    this.#lastLock = this.#locks.size - 1;
  }

  get machine(): Machine {
    return this.world.machine;
  }

  get out(): Float64Array {
    return this.channel.out;
  }

  lock(index: number): Lock {
    return this.#locks.get(index) as Lock;
  }

  /** Whether it is one of the process-wide queues. */
  isSystem(index: number): boolean {
    return index < this.rtworkq.system.length;
  }

  addLock(queue: Queue, target?: Lock): number {
    target?.hold();
    const lock = new Lock(queue, this.channel, () => {
      if (this.rtworkq.forget(queue) && queue.mmcss) this.world.groups.leave(queue.mmcss.taskId);
      target?.release();
    });
    this.#locks.set(++this.#lastLock, lock);
    return this.#lastLock;
  }

  removeLock(index: number): Lock {
    const lock = this.lock(index);
    this.#locks.delete(index);
    return lock;
  }
}
