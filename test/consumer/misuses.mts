// Mistakes. types.test.ts compiles this file: the compiler complains if one of them is not an error.

import * as rtworkq from 'rtworkq';
import {
  addPeriodicCallback,
  cancelWorkItem,
  ProcessHandle,
  putWorkItem,
  putWorkItems,
  scheduleWorkItem,
  setPowerThrottling,
  WaitableEvent,
  WorkItem,
  WorkQueue,
  waitFor,
  waitForProcessExit,
} from 'rtworkq';
import { Simulation, simulate } from 'rtworkq/testing';
import { setTimeout as callLater, clearTimeout, Timeout } from 'rtworkq/timers';
import { scheduler, setInterval, setTimeout, sleepUntil } from 'rtworkq/timers/promises';

// Simulations.
// @ts-expect-error
new Simulation();
// @ts-expect-error
simulate({ clock: 'sundial' });
// @ts-expect-error
simulate().fail('RtwqNothing', 'E_FAIL');
// @ts-expect-error
simulate().work('native');

// Arguments of the wrong type.
// @ts-expect-error
scheduleWorkItem('5');
// @ts-expect-error
scheduleWorkItem(5, { ref: 1 });
// @ts-expect-error
cancelWorkItem(5);
// @ts-expect-error
WaitableEvent.create({ name: 5 });
// @ts-expect-error
putWorkItem({ work: {} });
// @ts-expect-error
putWorkItems({ priority: 1 });
// @ts-expect-error
waitFor(5);
// @ts-expect-error
WorkQueue.allocate('serial');
// @ts-expect-error
setPowerThrottling({ timerResolution: 'never' });

// Unknown options, and options that exclude each other.
// @ts-expect-error
addPeriodicCallback(() => {}, { period: 5 });
// @ts-expect-error
WorkQueue.standard.put({ queue: WorkQueue.multithreaded });
// @ts-expect-error
WorkQueue.standard.putMany(3, { queue: WorkQueue.multithreaded });
// @ts-expect-error
waitFor(1n, { queue: WorkQueue.multithreaded });
// @ts-expect-error
WorkQueue.standard.setDeadline({ inMilliseconds: 5, at: 6 });
// @ts-expect-error
WorkQueue.standard.setDeadline({ preDeadline: 6 });
// @ts-expect-error
export const code: number = await waitForProcessExit(1, { timeout: 5 });
// @ts-expect-error
export const status: number = (await putWorkItems(1)).status;

// Timers.
// @ts-expect-error
callLater('code', 5);
// @ts-expect-error
callLater((text: string) => text, 5, 6);
// @ts-expect-error
clearTimeout({});
// @ts-expect-error
setTimeout('5');
// @ts-expect-error
setTimeout(5, undefined, { missed: 'skip' });
// @ts-expect-error
setInterval(5, undefined, { missed: 'none' });
// @ts-expect-error
sleepUntil('12:00');
// @ts-expect-error
for await (const { dueAt } of setInterval(5)) dueAt.toFixed();
// @ts-expect-error
new Timeout();
// @ts-expect-error
Timeout.start();
// @ts-expect-error
scheduler.make();

// Constructors and properties that are not for users.
// @ts-expect-error
new WorkItem();
// @ts-expect-error
new WorkQueue();
// @ts-expect-error
scheduleWorkItem(5).state = 'fired';

// Names that do not exist or are internal.
// @ts-expect-error
rtworkq.notThere();
// @ts-expect-error
rtworkq.currentEnvironment();
// @ts-expect-error
export type Block = rtworkq.QueuedOptions;
// @ts-expect-error
export type Internal = rtworkq.Environment;
// @ts-expect-error
WorkItem.start();
// @ts-expect-error
ProcessHandle.openFor(1);

// @ts-expect-error
export * from 'rtworkq/dist/internal/environment.js';
