// Runs in the Windows Node, started by scripts/run-benchmark.mjs. Measures all cases in rounds, one subject after the other in
// one session, so that a slow moment of the machine meets all. Prints a line of JSON for the machine, then one for each result.

const os = require('node:os');
const { requireHere } = require('./lib/package.js');
const { startBusy, startSubject } = require('./lib/programs.js');
const settings = require('./lib/settings.js');
const { distribution } = require('./lib/statistics.js');

/**
 * @typedef {object} Case
 * @property {string} name
 * @property {string[]} subjects
 * @property {(subject: string) => (string | number)[]} request
 * @property {boolean} [once] not in rounds
 * @property {boolean} [rarely] in the first round only
 * @property {boolean} [fresh] in a new process each time
 * @property {boolean} [busy] beside a process that keeps a processor busy
 */

const only = new RegExp(settings.only);

/** @type {Case[]} */
const cases = ['work-items', 'bulk', 'lateness', 'import', 'pending', 'intervals']
  .flatMap((name) => require(`./cases/${name}.js`)(settings))
  .filter(({ name }) => only.test(name));

const print = (object) => console.log(JSON.stringify(object));

/** The subjects' programs, started when they are first asked and kept. */
const programs = new Map();
function programOf(subject) {
  if (!programs.has(subject)) programs.set(subject, startSubject(subject));
  return programs.get(subject);
}

async function ask({ request, fresh }, subject) {
  if (!fresh) return programOf(subject).ask(request(subject));
  const program = startSubject(subject);
  const answer = await program.ask(request(subject));
  await program.end();
  return answer;
}

/** Numbers as they are, and what there is to say about many. */
const inShort = (answer) =>
  Object.fromEntries(Object.entries(answer).map(([name, value]) => [name, Array.isArray(value) ? distribution(value) : value]));

/** Each subject in turn; another one begins in each round. */
async function measure(each, round) {
  const { name, subjects, once } = each;
  const first = Math.max(round, 0) % subjects.length;
  for (const subject of [...subjects.slice(first), ...subjects.slice(0, first)]) {
    const answer = await ask(each, subject);
    if (round >= 0) print({ case: name, subject, round, once, values: inShort(answer) });
  }
}

/** What is kept in rounds. A round before the first is not counted: JavaScript is compiled and queues are started in it. */
async function measureRounds() {
  const inRounds = cases.filter(({ once }) => !once);
  for (const each of inRounds.filter(({ fresh, rarely }) => !fresh && !rarely)) await measure(each, -1);
  for (let round = 0; round < settings.rounds; round++) {
    for (const each of inRounds.filter(({ rarely }) => round === 0 || !rarely)) await measure(each, round);
  }
}

async function measureOnce() {
  const once = cases.filter((each) => each.once);
  for (const each of once.filter(({ busy }) => !busy)) await measure(each, 0);
  const beside = once.filter(({ busy }) => busy);
  if (beside.length === 0) return;
  const busy = await startBusy();
  for (const each of beside) await measure(each, 0);
  await busy.end();
}

async function main() {
  const status = requireHere('rtworkq').supportStatus();
  if (!status.supported) throw new Error(status.reason);
  print({
    host: status.wine ? `Wine ${status.wine}` : `Windows ${os.release()}`,
    wine: Boolean(status.wine),
    node: process.version,
    arch: process.arch,
    processor: os.cpus()[0]?.model,
    processors: os.availableParallelism(),
  });
  await measureRounds();
  await measureOnce();
  for (const program of programs.values()) await program.end();
}

main().catch((error) => {
  console.error(error.stack);
  process.exit(1);
});
