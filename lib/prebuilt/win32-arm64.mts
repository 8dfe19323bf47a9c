export * from './win32-arm64.js';
