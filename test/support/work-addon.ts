// Loads the addon of test/native/work_addon, which provides native work.

import { join } from 'node:path';
import type { NativeWork } from 'rtworkq';

/** One run of a recorder's work, on a thread of the queue. */
export interface Call {
  thread: number;
  started: number;
  ended: number;
  /** The HRESULT of the async result. */
  status: number;
  /** The index among many work items that were put together. */
  index: number;
}

export interface Recorder {
  /** Unique in the process. */
  id: number;
  work: NativeWork;
  /** How many runs have begun. */
  begun(): number;
  /** The runs that have ended. */
  calls(): Call[];
}

export interface WorkAddon {
  /**
   * Work that takes `milliseconds`, then sets the event and returns `hresult`. Before, it waits for the gate, another event: so a
   * test decides how long it runs.
   */
  makeRecorder(milliseconds: number, hresult: number, eventName?: string, gateName?: string): Recorder;
  makeImpostor(): NativeWork;
  currentThread(): number;
  /** The ids of the recorders that still exist, of every thread. */
  liveRecorders(): number[];
}

/** The addon's file. The test runner sets the variable. */
export const workAddonFile =
  process.env['RTWORKQ_WORK_ADDON'] ?? join(__dirname, '../../../test/native/work_addon/build/Release/work_addon.node');

export const loadWorkAddon = (): WorkAddon => require(workAddonFile) as WorkAddon;
