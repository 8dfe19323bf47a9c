// Re-exports the CommonJS instance, with a default export as in node:timers.
import timers from './index.js';

export * from './index.js';
export default timers;
