// The same instance for `import`: a second one would have an environment of its own.
export * from './index.js';
