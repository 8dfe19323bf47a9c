// The same instance for `import`, and a default export as node:timers/promises has one.
import timers from './promises.js';

export * from './promises.js';
export default timers;
