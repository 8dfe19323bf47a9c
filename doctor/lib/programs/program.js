// Runs one of the doctor's programs in a process of its own. Both sides exchange JSON, one value per line. If the program
// crashes or hangs, only its answer is missing, and the error says why.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

// Makes Electron's executable run as Node.
const environment = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
const MAX_ERROR_OUTPUT = 2_000;

export class Program {
  #name;
  #child;
  #lines;
  #errors = '';
  #ended;

  /** @param {string} file a file in this folder */
  constructor(file, ...args) {
    this.#name = [file, ...args].join(' ');
    const path = fileURLToPath(new URL(file, import.meta.url));
    this.#child = spawn(process.execPath, [path, ...args], { stdio: ['pipe', 'pipe', 'pipe'], env: environment, windowsHide: true });
    this.#child.stderr.setEncoding('utf8').on('data', (text) => {
      this.#errors = (this.#errors + text).slice(-MAX_ERROR_OUTPUT);
    });
    // Writing to a program that has ended is not an error here: receive() reports the missing answer.
    this.#child.stdin.on('error', () => {});
    this.#ended = once(this.#child, 'close').then(
      ([code, signal]) => signal ?? `exit code ${code}`,
      (error) => error.message,
    );
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** The program's next answer. @param {number} limit how long to wait, in milliseconds */
  async receive(limit) {
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      this.#child.kill('SIGKILL');
    }, limit);
    try {
      const { done, value } = await this.#lines.next();
      if (!done) return JSON.parse(value);
    } finally {
      clearTimeout(timer);
    }
    const how = timedOut ? `did not answer within ${limit / 1000} s` : `ended without an answer (${await this.#ended})`;
    const said = this.#errors.trim().split('\n').at(-1);
    throw new Error(`${this.#name} ${how}${said ? `: ${said}` : ''}`);
  }

  ask(request, limit) {
    this.#child.stdin.write(`${JSON.stringify(request)}\n`);
    return this.receive(limit);
  }

  /** Ends the program's input, and kills the program if it does not exit within two seconds. */
  async end() {
    this.#child.stdin.end();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 2_000);
    await this.#ended;
    clearTimeout(timer);
  }
}
