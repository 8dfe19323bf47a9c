// RTWorkQ's work queues, and this process's locks on them.

import type { Machine } from './machine';
import { type Channel, type Notice, QUEUE } from './operations';

/** What runs on a queue. */
export interface Task {
  readonly priority: number;
  /** Calls `done` when the queue's thread is free again, perhaps at once. */
  run(done: () => void): void;
}

/** A queue's registration with MMCSS. */
export interface QueueMmcss {
  readonly usageClass: string;
  readonly taskId: number;
  readonly priority: number;
}

export class Queue {
  readonly id: number;
  readonly #machine: Machine;
  /** Whether its items overlap. */
  readonly #parallel: boolean;
  /** Of a serial queue: the one on whose threads its items run. */
  readonly #target: Queue | undefined;
  readonly #waiting: Task[] = [];
  #running = 0;
  #isAwake = false;
  locks = 0;
  mmcss: QueueMmcss | undefined;

  constructor(machine: Machine, id: number, parallel: boolean, target?: Queue) {
    this.#machine = machine;
    this.id = id;
    this.#parallel = parallel;
    this.#target = target;
  }

  put(task: Task): void {
    const behind = this.#waiting.findIndex(({ priority }) => priority < task.priority);
    this.#waiting.splice(behind < 0 ? this.#waiting.length : behind, 0, task);
    this.#wake();
  }

  #wake(): void {
    if (this.#isAwake) return;
    this.#isAwake = true;
    this.#machine.soon(() => {
      this.#isAwake = false;
      this.#run();
    });
  }

  #run(): void {
    while (this.#waiting.length > 0 && (this.#parallel || this.#running === 0)) this.#start(this.#waiting.shift() as Task);
  }

  #start(task: Task): void {
    this.#running++;
    let isOver = false;
    let isStarting = true;
    const end = (): void => {
      if (isOver) return;
      isOver = true;
      this.#running--;
      if (!isStarting) this.#wake();
    };
    if (this.#target) {
      const run = (done: () => void): void =>
        task.run(() => {
          done();
          end();
        });
      this.#target.put({ priority: task.priority, run });
    } else {
      task.run(end);
    }
    isStarting = false;
  }
}

/** A lock on a queue. It is unlocked when all that needs the queue is over. */
export class Lock {
  readonly queue: Queue;
  // Undefined for the process-wide queues, which are never unlocked.
  readonly #channel: Channel | undefined;
  readonly #onUnlock: () => void;
  #holds = 1;
  #notice: Notice | undefined;

  constructor(queue: Queue, channel?: Channel, onUnlock = (): void => {}) {
    this.queue = queue;
    this.#channel = channel;
    this.#onUnlock = onUnlock;
    queue.locks++;
    channel?.addHold(QUEUE);
  }

  hold(): this {
    this.#holds++;
    return this;
  }

  release(): void {
    const channel = this.#channel;
    if (--this.#holds > 0 || !channel) return;
    channel.machine.soon(() => this.#unlock(channel));
  }

  notifyWhenUnlocked(notice: Notice): void {
    this.#notice = notice;
  }

  #unlock(channel: Channel): void {
    this.queue.locks--;
    this.#onUnlock();
    const notice = this.#notice;
    const status = notice ? channel.machine.failures.take('RtwqUnlockWorkQueue') : 0;
    if (!notice) channel.callUnseen('RtwqUnlockWorkQueue');
    channel.releaseHold(QUEUE);
    // Last: what waits for the queue's end must find it gone.
    notice?.complete(status);
  }
}
