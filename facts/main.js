// Runs in the Windows Node, started by facts/ask.mjs. Runs the rows one after the other, each in its own process with a time
// limit. Prints a JSON line that describes the machine, then one for each row. Crashes and hangs are answers too.

const { spawn } = require('node:child_process');
const os = require('node:os');
const { join, resolve } = require('node:path');

/**
 * @typedef {object} Row
 * @property {string} id
 * @property {string} [native] the argument for facts.exe
 * @property {string} [script] a file in programs/, or an absolute path
 * @property {number} [limit] seconds before it counts as hung
 * @typedef {{ about: string, value?: string | number, unit?: string, values?: number[] }} Answer
 */

/** @type {{ facts?: string, rows: Row[] }} */
const { facts, rows } = JSON.parse(process.env.RTWORKQ_FACTS);

// Generous: a runner may be slow, and a row that is cut short is useless.
const LIMIT_S = 120;
const STDERR_KEPT = 400;

const print = (object) => console.log(JSON.stringify(object));

/** The command for a row, or undefined if its program could not be built. */
function commandOf({ native, script }) {
  if (script) return [process.execPath, [resolve(__dirname, 'programs', script)]];
  return facts && [facts, [native]];
}

/** Parses a line of output. Other text, such as a message before a crash, becomes an answer about `printed`. */
function parse(line) {
  try {
    const parsed = JSON.parse(line);
    if (parsed.about !== undefined || parsed.end) return parsed;
  } catch {
    // Not JSON.
  }
  return { about: 'printed', value: line.trim() };
}

function describeEnd({ hung, limit, code, signal, ended }) {
  if (hung) return `hung${ended ? ' while exiting' : ''} for ${limit} s and was killed`;
  const how = signal ?? `exit code ${code}${code > 0xffff ? ` (0x${code.toString(16).toUpperCase().padStart(8, '0')})` : ''}`;
  if (code !== 0) return ended ? `crashed while exiting: ${how}` : `crashed: ${how}`;
  return ended ? undefined : `exited before it was finished: ${how}`;
}

/** Runs a program until it exits or its time limit is over. */
function runRow(row, [command, args]) {
  const { limit = LIMIT_S } = row;
  return new Promise((done) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    let hung = false;
    const timer = setTimeout(() => {
      hung = true;
      child.kill();
    }, limit * 1000);
    child.stdout.on('data', (data) => (stdout += data));
    child.stderr.on('data', (data) => (stderr += data));
    child.on('error', (error) => {
      clearTimeout(timer);
      done({ answers: [], problem: `could not start: ${error.message}` });
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const lines = stdout.split(/\r?\n/).filter((line) => line.trim() !== '');
      const answers = lines.map(parse);
      const ended = answers.at(-1)?.end === true;
      const problem = describeEnd({ hung, limit, code, signal, ended });
      done({ answers: ended ? answers.slice(0, -1) : answers, problem, stderr: problem && stderr.trim().slice(-STDERR_KEPT) });
    });
  });
}

async function ask(row) {
  const start = Date.now();
  const command = commandOf(row);
  const result = command ? await runRow(row, command) : { answers: [], problem: 'not run: its program was not built' };
  return { id: row.id, ...result, seconds: (Date.now() - start) / 1000 };
}

/** Wine's version, false on Windows, or null if neither program could tell. */
async function findWine() {
  const result = facts && (await runRow({}, [facts, ['wine']]));
  const wine = result?.answers.find(({ about }) => about === 'Wine')?.value;
  if (wine !== undefined) return wine === 'none' ? false : wine;
  // Without a compiler there is no facts.exe, but the package may still have a prebuilt addon.
  const { answers } = await runRow({}, [process.execPath, [join(__dirname, 'programs/support.js')]]);
  const version = answers.find(({ about }) => about === 'Wine')?.value;
  return version === undefined ? null : version !== 'none' && version;
}

async function main() {
  const wine = await findWine();
  print({
    host: wine ? `Wine ${wine}` : `${os.version()} ${os.release()}`,
    wine: wine === null ? null : Boolean(wine),
    node: process.version,
    arch: process.arch,
    processor: os.cpus()[0]?.model,
    processors: os.availableParallelism(),
  });
  for (const row of rows) print(await ask(row));
}

main().catch((error) => {
  console.error(error.stack);
  process.exit(1);
});
