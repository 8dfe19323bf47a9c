// Starts the programs that are measured, each in its own process, where it waits for requests.

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { join } = require('node:path');
const { createInterface } = require('node:readline');
const { files } = require('./settings.js');

const LIMIT_MS = 600_000;
// accurate-interval sets timers for times in the past.
const FLAGS = ['--expose-gc', '--disable-warning=TimeoutNegativeWarning'];
const node = (script, ...args) => [process.execPath, [...FLAGS, join(__dirname, '..', script), ...args]];

class Program {
  #name;
  #child;
  #lines;

  constructor(name, [command, args]) {
    this.#name = name;
    this.#child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** Reads the next line of its output. */
  async line(what = 'start') {
    const timer = setTimeout(() => this.#child.kill(), LIMIT_MS);
    const { done, value } = await this.#lines.next();
    clearTimeout(timer);
    if (done) throw new Error(`${this.#name} ended without answering: ${what}`);
    return value;
  }

  /** Sends a request, a name and numbers, and reads the answer. */
  async ask(request) {
    const text = request.join(' ');
    this.#child.stdin.write(`${text}\n`);
    return JSON.parse(await this.line(text));
  }

  async end() {
    const ended = this.#child.exitCode === null && once(this.#child, 'exit');
    this.#child.stdin.end();
    await ended;
  }
}

async function start(name, command) {
  const program = new Program(name, command);
  await program.line();
  return program;
}

/** Starts a subject. The program ignores further arguments, which mark it. */
const startSubject = (name, ...marks) =>
  start(name, name.startsWith('cpp') ? [files.baseline, [name]] : node('contender.js', name, ...marks));

/** Starts a program that keeps one processor busy until `end()`. */
const startBusy = () => start('busy', node('busy.js'));

module.exports = { startSubject, startBusy };
