// Alters the system for this process's addon, before the addon looks for RTWorkQ.dll. For programs in test/fixtures: import this
// before `rtworkq` is called, and only in child processes.

import { basename } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { loadHelper, type SystemFault, type TestHelper } from './helper';

export const helper: TestHelper = loadHelper();
const faults = new Set<SystemFault>();

const ALWAYS = 0;
const NEVER = -1;

/** Lets a function fail, at once or after so many calls that succeed. */
export function fail(fault: SystemFault, calls = ALWAYS): void {
  faults.add(fault);
  helper.setSystemFault(fault, calls);
}

/** Ends all faults. */
export function mend(): void {
  for (const fault of faults) helper.setSystemFault(fault, NEVER);
  faults.clear();
}

// Once per process, when the addon is loaded. The helper itself was loaded above.
if (isMainThread) {
  const { dlopen } = process;
  process.dlopen = (module: object, file: string, ...flags: [number?]) => {
    Reflect.apply(dlopen, process, [module, file, ...flags]);
    helper.alterSystem(basename(file));
  };
}
