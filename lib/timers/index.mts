// The same instance for `import`, and a default export as node:timers has one.
import timers from './index.js';

export * from './index.js';
export default timers;
