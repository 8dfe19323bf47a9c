// What parts of programs, in the pages and in the comments of lib/, find around them: objects that nobody has to see made.

import type { NativeWork, WorkQueue } from 'rtworkq';

declare global {
  const addon: { work: NativeWork; fileHandle: bigint };
  /** Electron's, in a preload script. */
  const contextBridge: { exposeInMainWorld(name: string, api: unknown): void };
  const key: bigint;
  const queue: WorkQueue;
  const workerData: { queueId: number };
}
