// Re-exports the CommonJS instance: a second one would simulate for another package.
export * from './index.js';
