// rtworkq/testing: Windows in JavaScript, for the tests of programs that use this package.

export { type SimulatedEventOptions, SimulatedProcess, type SimulatedSemaphoreOptions } from './process';
export { type SimulateOptions, simulate } from './simulate';
export { type RunOptions, Simulation, type WorkOptions } from './simulation';
export type { WindowsFunction } from './windows/functions';
