// What the examples in the comments of lib/ find around them: objects of the program that nobody has to see made.

import type { ChildProcess } from 'node:child_process';
import type { Event, NativeWork, WorkQueue } from 'rtworkq';

declare global {
  const addon: { work: NativeWork; fileHandle: bigint };
  const child: ChildProcess & { pid: number };
  const event: Event;
  const key: bigint;
  const meter: { update(missed: number): void };
  const pid: number;
  const queue: WorkQueue;
  const signal: AbortSignal;
  const workerData: { queueId: number };
}
