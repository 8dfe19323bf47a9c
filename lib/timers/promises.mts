// Re-exports the CommonJS instance, with a default export as in node:timers/promises.
import timers from './promises.js';

export * from './promises.js';
export default timers;
