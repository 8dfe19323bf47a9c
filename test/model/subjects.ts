// What programs run on: the package on this machine.

import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { HolderTask } from '../fixtures/mutex-holder';
import { fixture } from '../support/child';
import { uniqueName } from '../support/name';
import type { Subject } from './lockstep';
import type { Package } from './world';

/** The package as users get it. */
export const installed = (): Package => ({
  rtworkq: require('rtworkq'),
  timers: require('rtworkq/timers'),
  promises: require('rtworkq/timers/promises'),
});

/** The package on Windows. */
export function onWindows(from: Package): Subject {
  return {
    package: from,
    now: () => performance.now(),
    async holderEnds(name) {
      const task: HolderTask = { name, does: 'holds', end: 'returns', ready: uniqueName() };
      using ready = from.rtworkq.WaitableEvent.create({ name: task.ready, manualReset: true });
      await once(new Worker(fixture('mutex-holder'), { workerData: task }), 'exit');
      if ((await ready.wait({ timeout: 0 })) !== 'signaled') throw new Error('the Worker has not acquired the mutex');
    },
    end() {},
  };
}
