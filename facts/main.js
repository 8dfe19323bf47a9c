// Runs in the Windows Node, started by scripts/facts.mjs. Asks one row after the other, each in a process of its own with a
// time limit, and prints a line of JSON for the machine, then one for each row. A crash and a hang are answers.

const { spawn } = require('node:child_process');
const os = require('node:os');
const { join, resolve } = require('node:path');

/**
 * @typedef {object} Row
 * @property {string} id
 * @property {string} [native] what facts.exe is asked
 * @property {string} [script] a program in the folder programs, or its absolute path
 * @property {number} [limit] seconds after which it counts as hung
 * @typedef {{ about: string, value?: string | number, unit?: string, values?: number[] }} Answer
 */

/** @type {{ facts?: string, rows: Row[] }} */
const { facts, rows } = JSON.parse(process.env.RTWORKQ_FACTS);

// Generous: a runner may be slow, and a row that was cut short says nothing.
const LIMIT_S = 120;
const STDERR_KEPT = 400;

const print = (object) => console.log(JSON.stringify(object));

/** The program of a row, or nothing where it could not be built. */
function commandOf({ native, script }) {
  if (script) return [process.execPath, [resolve(__dirname, 'programs', script)]];
  return facts && [facts, [native]];
}

/** What is not one of a row's lines is a program's last words before it crashed. */
function parse(line) {
  try {
    const said = JSON.parse(line);
    if (said.about !== undefined || said.end) return said;
  } catch {
    // Not even JSON.
  }
  return { about: 'printed', value: line.trim() };
}

function describeEnd({ hung, limit, code, signal, ended }) {
  if (hung) return ended ? `hung on the way out for ${limit} s and was ended` : `hung for ${limit} s and was ended`;
  const how = signal ?? `exit code ${code}${code > 0xffff ? ` (0x${code.toString(16).toUpperCase().padStart(8, '0')})` : ''}`;
  if (code !== 0) return ended ? `crashed on the way out: ${how}` : `crashed: ${how}`;
  return ended ? undefined : `ended without an answer: ${how}`;
}

/** Runs a program to its end, or to the end of its time. */
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
      done({ answers: [], problem: `could not be started: ${error.message}` });
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const lines = stdout.split(/\r?\n/).filter((line) => line.trim() !== '');
      const said = lines.map(parse);
      const ended = said.at(-1)?.end === true;
      const problem = describeEnd({ hung, limit, code, signal, ended });
      done({ answers: ended ? said.slice(0, -1) : said, problem, stderr: problem && stderr.trim().slice(-STDERR_KEPT) });
    });
  });
}

async function ask(row) {
  const start = Date.now();
  const command = commandOf(row);
  const result = command ? await runRow(row, command) : { answers: [], problem: 'not asked: its program was not built' };
  return { id: row.id, ...result, seconds: (Date.now() - start) / 1000 };
}

/** Wine's version, false on Windows, or null where neither program could tell. */
async function findWine() {
  const asked = facts && (await runRow({}, [facts, ['wine']]));
  const said = asked?.answers.find(({ about }) => about === 'Wine')?.value;
  if (said !== undefined) return said === 'none' ? false : said;
  // Without a compiler there is no facts.exe, and the package may have its addon all the same.
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
