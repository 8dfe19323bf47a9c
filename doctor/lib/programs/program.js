// A program of the doctor's in a process of its own: JSON goes in and out, a line each. What it says and how it ends is all
// that the doctor depends on: one that crashes or hangs is an answer that is missing, with the reason.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

// Electron runs programs of Node where it is told to.
const environment = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
const KEPT_OUTPUT = 2_000;

export class Program {
  #name;
  #child;
  #lines;
  #errors = '';
  #ended;

  /** @param {string} file of this folder */
  constructor(file, ...args) {
    this.#name = [file, ...args].join(' ');
    const path = fileURLToPath(new URL(file, import.meta.url));
    this.#child = spawn(process.execPath, [path, ...args], { stdio: ['pipe', 'pipe', 'pipe'], env: environment, windowsHide: true });
    this.#child.stderr.setEncoding('utf8').on('data', (text) => {
      this.#errors = (this.#errors + text).slice(-KEPT_OUTPUT);
    });
    // What is written to a program that has ended is not missed here: its answer is.
    this.#child.stdin.on('error', () => {});
    this.#ended = once(this.#child, 'close').then(
      ([code, signal]) => signal ?? `exit code ${code}`,
      (error) => error.message,
    );
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** What it says next. @param {number} limit for how long to wait, in milliseconds */
  async hear(limit) {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      this.#child.kill('SIGKILL');
    }, limit);
    try {
      const { done, value } = await this.#lines.next();
      if (!done) return JSON.parse(value);
    } finally {
      clearTimeout(timer);
    }
    const how = late ? `gave no answer within ${limit / 1000} s` : `ended too early (${await this.#ended})`;
    const said = this.#errors.trim().split('\n').at(-1);
    throw new Error(`${this.#name} ${how}${said ? `: ${said}` : ''}`);
  }

  ask(request, limit) {
    this.#child.stdin.write(`${JSON.stringify(request)}\n`);
    return this.hear(limit);
  }

  /** Lets it end by itself, and does not wait for ever. */
  async end() {
    this.#child.stdin.end();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 2_000);
    await this.#ended;
    clearTimeout(timer);
  }
}
