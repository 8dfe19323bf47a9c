// The parts of Electron that examples/electron uses, for the compiler: Electron itself is not a dependency.

declare module 'electron' {
  import type { EventEmitter } from 'node:events';

  const app: { whenReady(): Promise<void>; quit(): void; exit(code: number): void };
  const ipcMain: EventEmitter;
  const utilityProcess: { fork(file: string): EventEmitter & { kill(): boolean } };
  class BrowserWindow {
    constructor(options: { webPreferences: { preload: string; sandbox: boolean } });
    loadFile(file: string): Promise<void>;
    reload(): void;
  }
}

declare namespace NodeJS {
  interface Process {
    parentPort: { postMessage(message: unknown): void };
  }
}
