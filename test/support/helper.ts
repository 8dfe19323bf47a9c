// The native helper of test/native, from wherever it was built.

import { join } from 'node:path';

export interface TestHelper {
  blockStandardQueue(milliseconds: number): void;
  blockQueue(id: number, milliseconds: number): () => void;
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
  /** How often the system's timer ticks, in milliseconds. */
  timerTick(): number;
  /** The control and the state mask of the process's power throttling; undefined where Windows does not tell. */
  powerThrottling(): [control: number, state: number] | undefined;
  /**
   * Has a loaded module meet another Windows when it looks up functions of these settings. 10 and 11 refuse a period of 13 ms, and
   * to end one of 14; 11 has been told never to slow the process down. 10 refuses what only 11 knows, and does not tell
   * what was set; 7 has no such functions.
   */
  pretendWindows(module: string, version: 7 | 10 | 11): void;
  /** Has the timers that a loaded module sets from now come up to so many milliseconds early or late, by chance. */
  shiftTimers(module: string, early: number, late: number): void;
  /** How many it has set since the last time; from the first call of shiftTimers() on. */
  timersSet(): number;
  /** What that Windows was asked since the last time. */
  settingsCalls(): string[];
  /** Gives the process a console of its own, which its children share and nobody else. */
  ownConsole(): void;
  /** Ctrl+C for all processes of the console, this one included. */
  pressCtrlC(): void;
  doubleFree(): void;
  crash(): never;
}

/** Its file: the runner of the tests names it. */
export const helperFile = process.env['RTWORKQ_TEST_HELPER'] ?? join(__dirname, '../../../test/native/build/Release/test_helper.node');

/** The names that the addon's file may have. */
export const addonNames = ['rtworkq.node', 'node.napi.node', 'node.napi.armv8.node'] as const;

/** The name of the package's addon, once it is loaded. */
export const loadedAddon = (helper: TestHelper): string => addonNames.find((name) => helper.moduleLoaded(name)) as string;

export const loadHelper = (): TestHelper => require(helperFile) as TestHelper;
