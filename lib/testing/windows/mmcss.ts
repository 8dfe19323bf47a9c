// The Multimedia Class Scheduler Service: task groups, and who is in one.

import type { KnownCode } from '../../internal/hresults';
import type { Outcome } from '../../internal/native';
import { failed } from './failures';
import type { WindowsFunction } from './functions';
import { type Channel, type Completion, Operation, OTHER } from './operations';
import type { Lock } from './queues';

/** The classes that Windows has. */
export const CLASSES = ['Audio', 'Capture', 'DisplayPostProcessing', 'Distribution', 'Games', 'Playback', 'Pro Audio', 'Window Manager'];

interface Group {
  readonly usageClass: string;
  members: number;
}

export class TaskGroups {
  readonly #groups = new Map<number, Group>();
  #last = 0;

  /** Returns the group's id; a code if there is no such group. */
  join(usageClass: string, taskId: number): number | KnownCode {
    const name = CLASSES.find((each) => each.toLowerCase() === usageClass.toLowerCase());
    if (name === undefined) return 'ERROR_INVALID_TASK_NAME';
    if (taskId === 0) {
      this.#groups.set(++this.#last, { usageClass: name, members: 1 });
      return this.#last;
    }
    const group = this.#groups.get(taskId);
    if (group?.usageClass !== name) return 'ERROR_INVALID_TASK_INDEX';
    group.members++;
    return taskId;
  }

  leave(taskId: number): void {
    const group = this.#groups.get(taskId);
    if (group && --group.members === 0) this.#groups.delete(taskId);
  }
}

/** A registration of a queue that is under way, or its end. */
export class MmcssChange extends Operation {
  readonly #lock: Lock;
  readonly #end: WindowsFunction;
  #status = 0;
  #taskId = 0;
  #firedAt = 0;

  constructor(channel: Channel, id: number, lock: Lock, end: WindowsFunction) {
    super(channel, id);
    this.#lock = lock.hold();
    this.#end = end;
    channel.addHold(OTHER);
  }

  /** `change` returns the task id, or the code of a failure. */
  begin(begin: WindowsFunction, change: () => number | KnownCode): Outcome {
    const outcome = this.machine.failures.call(begin);
    if (outcome !== 0) {
      this.#finish();
      return outcome;
    }
    const result = change();
    if (typeof result === 'string') {
      this.#finish();
      return failed(begin, result);
    }
    this.#taskId = result;
    this.machine.soon(() => this.#settle(this.machine.failures.take(this.#end)));
    return 0;
  }

  completion(): Completion {
    return { status: this.#status, firedAt: this.#firedAt, value: this.#taskId };
  }

  #settle(status: number): void {
    this.#status = status;
    this.#firedAt = this.machine.now;
    if (this.leavePending()) this.report();
    this.#finish();
  }

  #finish(): void {
    this.#lock.release();
    this.channel.releaseHold(OTHER);
  }
}

/** A thread, or several, in a task group. */
export interface ThreadTask {
  readonly usageClass: string;
  readonly priority: number;
  readonly taskId: number;
  leases: number;
}
