export * from './win32-x64.js';
