// Loads the native test helper of test/native.

import { join } from 'node:path';

/** What alterSystem() lets fail: the start of a thread, functions, loading the DLL, and looking up a function of ntdll.dll. */
export type SystemFault =
  | 'thread'
  | 'SetWaitableTimer'
  | 'CreateEventExW'
  | 'CreateWaitableTimerExW'
  | 'DuplicateHandle'
  | 'RTWorkQ.dll'
  | 'NtQueryObject';

export interface TestHelper {
  blockStandardQueue(milliseconds: number): void;
  blockQueue(id: number, milliseconds: number): () => void;
  /** Whether RTWorkQ's platform is up, no matter which code has started it. */
  platformIsUp(): boolean;
  handleCount(): number;
  /** Closes all other handles of this process to the handle's object. Returns how many there were. */
  closeDuplicates(handle: bigint): number;
  /** How many threads the process has. */
  threadCount(): number;
  /** The id of the calling thread. */
  currentThread(): number;
  /** Whether the process has the module loaded. */
  moduleLoaded(name: string): boolean;
  /** A handle for overlapped reads. The caller closes it. */
  openOverlapped(path: string): bigint;
  /** Starts a read that completes on a queue. Once the event is set, the returned function gives the result. */
  readOnQueue(handle: bigint, queueId: number, event: bigint): () => { thread: number; status: number; text: string };
  /** libuv's handle for a file descriptor. */
  osHandle(descriptor: number): bigint;
  createMutex(): bigint;
  /** A mutex whose owner ended without releasing it. */
  createAbandonedMutex(): bigint;
  /** Whether a mutex is free or another thread owns it. If it was abandoned, it is free afterwards. */
  mutexState(mutex: bigint): 'free' | 'abandoned' | 'owned';
  /** Who may use a named object: the security descriptor's access control list, in SDDL. */
  securityOf(kind: 'event' | 'semaphore' | 'timer' | 'mutex', name: string): string;
  /** Replaces a process's access control list, given in SDDL. */
  secureProcess(pid: number, descriptor: string): void;
  /** An event handle that allows setting but not waiting. */
  createDeafEvent(): bigint;
  /** A section object, which cannot be signaled. */
  createSection(): bigint;
  /** The handle behind Node's standard output. */
  standardOutput(): bigint;
  closeHandle(handle: bigint): void;
  /** Whether an event, semaphore or timer is signaled. Takes nothing. */
  isSignaled(handle: bigint): boolean;
  /** The period of the system's timer tick, in milliseconds. */
  timerTick(): number;
  /** The control and state masks of the process's power throttling, or undefined if Windows does not report them. */
  powerThrottling(): [control: number, state: number] | undefined;
  /**
   * Makes a loaded module find another version of Windows when it looks up the functions for these settings. Every version rejects
   * a period of 13 ms, and the end of one of 14 ms. On 11 the process is set never to be slowed down. 10 rejects what only 11
   * knows, and does not report what was set. 7 has no functions for power throttling.
   */
  pretendWindows(module: string, version: 7 | 10 | 11): void;
  /** Makes the timers that a loaded module sets from now on fire at random, up to `early` ms early or `late` ms late. */
  shiftTimers(module: string, early: number, late: number): void;
  /** How many timers it has set since the last call. Counts from the first call of shiftTimers(). */
  timersSet(): number;
  /** Alters the functions of Windows that a loaded module calls, as the next five functions say. For test/support/altered.ts. */
  alterSystem(module: string): void;
  /** Lets a function fail after so many more calls, or succeed again if the number is negative. */
  setSystemFault(name: SystemFault, calls: number): void;
  /** Replaces the time after which the module's idle threads end, in milliseconds. */
  setIdleTime(milliseconds: number): void;
  /** How often one of these functions has succeeded. */
  systemCalls(name: SystemFault): number;
  /** Tells the module of a power event, such as PBT_APMRESUMEAUTOMATIC. False if it has not asked Windows for them. */
  powerEvent(type: number): boolean;
  /** The module's calls of two functions of avrt.dll since the last time, and the threads that made them. */
  avrtCalls(): { function: 'AvSetMmThreadCharacteristicsW' | 'AvRevertMmThreadCharacteristics'; thread: number }[];
  /** The calls to that version of Windows since the last time. */
  settingsCalls(): string[];
  /** Gives the process a console of its own, which only its children share. */
  ownConsole(): void;
  /** Sends Ctrl+C to all processes of the console, including this one. */
  pressCtrlC(): void;
  doubleFree(): void;
  crash(): never;
}

/** The helper's file. The test runner sets the variable. */
export const helperFile = process.env['RTWORKQ_TEST_HELPER'] ?? join(__dirname, '../../../test/native/build/Release/test_helper.node');

/** The possible names of the package's addon file. */
export const addonNames = ['rtworkq.node', 'node.napi.node', 'node.napi.armv8.node'] as const;

/** The name of the package's addon file. The addon must be loaded. */
export const loadedAddon = (helper: TestHelper): string => addonNames.find((name) => helper.moduleLoaded(name)) as string;

export const loadHelper = (): TestHelper => require(helperFile) as TestHelper;
