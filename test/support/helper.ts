// The native helper of test/native, from wherever it was built.

import { join } from 'node:path';

export interface TestHelper {
  blockStandardQueue(milliseconds: number): void;
  blockQueue(id: number, milliseconds: number): void;
  /** Whether RTWorkQ's platform is up, for whomever. */
  platformIsUp(): boolean;
  handleCount(): number;
  /** Whether the process has the module loaded. */
  moduleLoaded(name: string): boolean;
  /** A handle for overlapped reading; close it. */
  openOverlapped(path: string): bigint;
  /** Starts a read whose completion belongs on a queue; the function tells what came of it once the event is set. */
  readOnQueue(handle: bigint, queueId: number, event: bigint): () => { thread: number; status: number; text: string };
  /** libuv's handle for a file descriptor. */
  osHandle(descriptor: number): bigint;
  createMutex(): bigint;
  /** An event that may be set and not waited for. */
  createDeafEvent(): bigint;
  /** A section: it has no signal. */
  createSection(): bigint;
  /** The handle behind Node's standard output. */
  standardOutput(): bigint;
  closeHandle(handle: bigint): void;
  doubleFree(): void;
  crash(): never;
}

/** Its file: the runner of the tests names it. */
export const helperFile = process.env['RTWORKQ_TEST_HELPER'] ?? join(__dirname, '../../../test/native/build/Release/test_helper.node');

export const loadHelper = (): TestHelper => require(helperFile) as TestHelper;
