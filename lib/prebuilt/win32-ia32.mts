export * from './win32-ia32.js';
