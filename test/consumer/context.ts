// What the examples in the comments of lib/ find around them: objects of the program that nobody has to see made.

import type { NativeWork, WorkQueue } from 'rtworkq';

declare global {
  const addon: { work: NativeWork; fileHandle: bigint };
  const key: bigint;
  const queue: WorkQueue;
  const workerData: { queueId: number };
}
