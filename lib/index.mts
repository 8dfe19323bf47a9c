// Re-exports the CommonJS instance: a second one would have its own environment.
export * from './index.js';
