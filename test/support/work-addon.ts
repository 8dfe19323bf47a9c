// The other addon of test/native/work_addon, from wherever it was built.

import { join } from 'node:path';
import type { NativeWork } from 'rtworkq';

/** One run of a recorder's work, on a thread of the queue. */
export interface Call {
  thread: number;
  started: number;
  ended: number;
  /** The HRESULT of the async result. */
  status: number;
  /** Which of many. */
  index: number;
}

export interface Recorder {
  /** Each has its own in the process. */
  id: number;
  work: NativeWork;
  /** How many runs have begun. */
  begun(): number;
  /** The runs that have ended. */
  calls(): Call[];
}

export interface WorkAddon {
  /** Work that takes so long, answers with an HRESULT, and then sets an event. */
  makeRecorder(milliseconds: number, hresult: number, eventName?: string): Recorder;
  makeImpostor(): NativeWork;
  currentThread(): number;
  /** The ids of those that something still holds, in every thread. */
  liveRecorders(): number[];
}

/** Its file: the runner of the tests names it. */
export const workAddonFile =
  process.env['RTWORKQ_WORK_ADDON'] ?? join(__dirname, '../../../test/native/work_addon/build/Release/work_addon.node');

export const loadWorkAddon = (): WorkAddon => require(workAddonFile) as WorkAddon;
