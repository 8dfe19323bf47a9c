// Runs in the Windows Node; scripts/run-benchmark.mjs starts it. Measures all cases in rounds, one subject after the other, so that
// a slow moment of the machine hits all of them. Prints one line of JSON for the machine, then one for each answer.

const os = require('node:os');
const { requireHere } = require('./lib/package.js');
const { startBusy, startSubject } = require('./lib/programs.js');
const settings = require('./lib/settings.js');
const { distribution } = require('./lib/statistics.js');
const { serverMs } = require('./lib/wine-server.js');

/**
 * @typedef {object} Case
 * @property {string} name
 * @property {string[]} subjects
 * @property {(subject: string) => (string | number)[]} request to the subject's program
 * @property {(subject: string) => Promise<object>} [answerOf] instead of a request
 * @property {boolean} [once] measured once, not in rounds
 * @property {boolean} [rarely] measured in the first round only
 * @property {boolean} [fresh] measured in a new process each time
 * @property {boolean} [busy] measured beside a process that keeps one processor busy
 */

const only = new RegExp(settings.only);

/** @type {Case[]} */
const cases = ['work-items', 'bulk', 'lateness', 'waits', 'import', 'pending', 'intervals', 'idle']
  .flatMap((name) => require(`./cases/${name}.js`)(settings))
  .filter(({ name }) => only.test(name));

const print = (object) => console.log(JSON.stringify(object));

/** The subjects' programs; each starts with its first request and stays. */
const programs = new Map();
function programOf(subject) {
  if (!programs.has(subject)) programs.set(subject, startSubject(subject));
  return programs.get(subject);
}

/** Sends a request. Adds the CPU time of Wine's server to the answer. */
async function send(program, request) {
  const before = serverMs();
  const answer = await program.ask(request);
  return before === undefined ? answer : { ...answer, serverMs: serverMs() - before };
}

async function ask({ request, answerOf, fresh }, subject) {
  if (answerOf) return answerOf(subject);
  if (!fresh) return send(await programOf(subject), request(subject));
  const program = await startSubject(subject);
  const answer = await send(program, request(subject));
  await program.end();
  return answer;
}

/** Replaces lists of values by their distribution. */
const summarize = (answer) =>
  Object.fromEntries(Object.entries(answer).map(([name, value]) => [name, Array.isArray(value) ? distribution(value) : value]));

/** Measures the subjects in turn; each round starts with a different one. */
async function measure(each, round) {
  const { name, subjects, once } = each;
  const first = Math.max(round, 0) % subjects.length;
  for (const subject of [...subjects.slice(first), ...subjects.slice(0, first)]) {
    const answer = await ask(each, subject);
    if (round >= 0) print({ case: name, subject, round, once, values: summarize(answer) });
  }
}

/** Measures in rounds, after one that does not count: V8 compiles and RTWorkQ starts its threads in it. */
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
  for (const program of programs.values()) await (await program).end();
}

main().catch((error) => {
  console.error(error.stack);
  process.exit(1);
});
