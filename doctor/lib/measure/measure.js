// Measures the kinds of timers in turns, so that a slow moment of the machine affects all of them. Two never run at once:
// a wake-up in one process would make the timers of another one look better.

import { Program } from '../programs/program.js';
import { summarize } from '../statistics.js';
import { PERIOD_MS } from './plan.js';
import { startCounting } from './processors.js';

// Only a hung program takes this long. On a machine with two busy processors, a start has taken more than a minute.
const START_LIMIT_MS = 300_000;
const ANSWER_LIMIT_MS = 300_000;
const WARM_UP_MS = 40;

/** Runs one kind of timer in its own process. After a failure it is not asked again. */
class Runner {
  #program;
  #failure;

  constructor(name) {
    this.name = name;
    this.#program = new Program('contender.js', name);
  }

  async #receive(answer) {
    try {
      const received = await answer();
      if (!received.error) return received;
      return { error: received.error };
    } catch (error) {
      this.#failure = error.message;
      return { error: error.message };
    }
  }

  async start() {
    const { error } = await this.#receive(() => this.#program.receive(START_LIMIT_MS));
    // The process has ended by then.
    if (error) this.#failure = error;
    else await this.measure({ milliseconds: WARM_UP_MS, raised: false });
  }

  measure(request) {
    if (this.#failure) return Promise.resolve({ error: this.#failure });
    return this.#receive(() => this.#program.ask({ period: PERIOD_MS, ...request }, ANSWER_LIMIT_MS));
  }

  end() {
    return this.#program.end();
  }
}

const sum = (slices, name) => slices.reduce((total, slice) => total + slice[name], 0);

/** In milliseconds per second; undefined if no slice has it. */
function driftOf(slices) {
  const counted = slices.filter(({ took }) => took > 0);
  return counted.length > 0 ? (sum(counted, 'drift') / sum(counted, 'took')) * 1_000 : undefined;
}

/** Combines all slices of one kind of timer in one situation. */
function combine(contender, situation, slices) {
  const head = { contender, ...situation, period: PERIOD_MS };
  const good = slices.filter(({ error }) => error === undefined);
  const late = good.flatMap((slice) => slice.late);
  if (late.length === 0) return { ...head, error: slices.find(({ error }) => error)?.error ?? 'it never fired' };
  const delay = good.flatMap((slice) => slice.delay);
  return {
    ...head,
    ticks: late.length,
    missed: sum(good, 'missed'),
    lateness: summarize(late),
    ...(delay.length > 0 && { delivery: summarize(delay) }),
    driftMsPerSecond: driftOf(good),
    cpuUsPerTick: sum(good, 'cpu') / late.length,
    late,
    delay,
  };
}

/** Measures all kinds in turn. Each round starts with a different kind. */
async function measureRounds({ rounds, milliseconds }, runners, raised, progress) {
  const slices = [];
  for (let round = 0; round < rounds; round++) {
    const first = Math.floor((round * runners.length) / rounds);
    for (const runner of [...runners.slice(first), ...runners.slice(0, first)]) {
      slices.push({ runner, slice: await runner.measure({ milliseconds, raised }) });
      progress();
    }
  }
  return slices;
}

async function measureSituation(plan, situation, runners, progress) {
  const busy = situation.load === 'busy' ? new Program('busy.js') : undefined;
  try {
    await busy?.receive(START_LIMIT_MS);
    const usedShare = startCounting();
    const slices = await measureRounds(plan, runners, situation.resolution === 'raised', progress);
    const used = usedShare();
    const of = (runner) => slices.filter((each) => each.runner === runner).map(({ slice }) => slice);
    return { situation: { ...situation, used }, measurements: runners.map((runner) => combine(runner.name, situation, of(runner))) };
  } finally {
    await busy?.end();
  }
}

/**
 * @param {ReturnType<import('./plan.js').planFor>} plan
 * @param {() => void} progress called after each slice
 */
export async function measureAll(plan, progress) {
  const runners = plan.names.map((name) => new Runner(name));
  try {
    await Promise.all(runners.map((runner) => runner.start()));
    const results = [];
    for (const situation of plan.situations) results.push(await measureSituation(plan, situation, runners, progress));
    return { situations: results.map(({ situation }) => situation), measurements: results.flatMap(({ measurements }) => measurements) };
  } finally {
    await Promise.all(runners.map((runner) => runner.end()));
  }
}

export const countSlices = ({ names, situations, rounds }) => names.length * situations.length * rounds;
