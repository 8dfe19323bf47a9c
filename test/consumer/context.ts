// Objects that the snippets in the pages and in lib/'s comments use without creating them.

import type { NativeWork, WorkQueue } from 'rtworkq';

declare global {
  const addon: { work: NativeWork; fileHandle: bigint };
  /** Electron's, in a preload script. */
  const contextBridge: { exposeInMainWorld(name: string, api: unknown): void };
  const key: bigint;
  const queue: WorkQueue;
  const workerData: { queueId: number };
}
