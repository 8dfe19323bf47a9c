// No wait loses a signal: JavaScript has heard it, or it is left. Here several processes share a semaphore, and processes and Workers
// end while they wait. test/core/handles/conservation.test.ts tests the waits of one process.

import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, test } from '@jest/globals';
import { Semaphore, shutdown, WaitableEvent, waitFor } from 'rtworkq';
import { type End, type EndTask, HOLD, SHARED } from '../fixtures/conservation-end';
import type { SharedTask } from '../fixtures/conservation-shared';
import { type Ended, fixture, runFixture } from '../support/child';
import { type Counts, countLeft, expectConserved, isConserved, SEED, type Tally, timeLimit } from '../support/conservation';
import { uniqueName } from '../support/name';
import { Random } from '../support/random';
import { eventually, sleep } from '../support/time';

afterEach(() => shutdown());

const asChild = (name: string, task: SharedTask | EndTask): Promise<Ended> =>
  runFixture(name, { env: { RTWORKQ_TASK: JSON.stringify(task) } });

/** Waits until a semaphore was released several times, or a process that should release it has ended. */
async function begunBy(begun: Semaphore, count: number, ended: readonly Promise<unknown>[]): Promise<void> {
  for (let each = 0; each < count; each++) await Promise.race([waitFor(begun), ...ended]);
}

/** Runs three processes that share a semaphore, and counts what they leave. */
async function threeProcesses(how: 'lock' | 'counts', semaphore: Semaphore, name: string, over: () => boolean): Promise<Tally> {
  const [begunName, stopName] = [uniqueName(), uniqueName()];
  using begun = Semaphore.create({ name: begunName });
  using stop = WaitableEvent.create({ name: stopName, manualReset: true });
  const tasks = [0, 1, 2].map((index) => ({ how, semaphore: name, begun: begunName, stop: stopName, seed: SEED + index }));
  const children = tasks.map((task) => asChild('conservation-shared', task));
  await begunBy(begun, children.length, children);
  await eventually(over);
  stop.set();
  const tally = { released: 0, taken: 0, left: 0 };
  for (const ended of await Promise.all(children)) {
    expect(ended).toMatchObject({ code: 0, signal: null, stderr: '' });
    const { released, taken } = JSON.parse(ended.last) as Counts;
    tally.released += released;
    tally.taken += taken;
  }
  return { ...tally, left: await countLeft(semaphore) };
}

describe('three processes that share a semaphore', () => {
  test('do not lose its only count, which they use as a lock', async () => {
    const name = uniqueName();
    using semaphore = Semaphore.create({ name, initial: 1 });
    const { released, taken, left } = await threeProcesses('lock', semaphore, name, timeLimit(0.16));
    expectConserved([{ released: released + 1, taken, left }]);
    expect(left).toBe(1);
  });

  test('lose none of its counts', async () => {
    const name = uniqueName();
    using semaphore = Semaphore.create({ name, initial: 3 });
    const { released, taken, left } = await threeProcesses('counts', semaphore, name, timeLimit(0.07));
    expectConserved([{ released: released + 3, taken, left }]);
  });
});

/** The objects that a process or a Worker waits for until it ends, and what this process sends meanwhile. */
class Scene {
  readonly task: EndTask;
  readonly #random: Random;
  readonly #semaphore: Semaphore;
  readonly #events: WaitableEvent[];
  readonly #begun: Semaphore;
  #released = 0;

  constructor(how: End, random: Random) {
    this.#random = random;
    const [semaphore, begun, ...events] = Array.from({ length: 8 }, uniqueName) as [string, string, ...string[]];
    this.#semaphore = Semaphore.create({ name: semaphore });
    this.#begun = Semaphore.create({ name: begun });
    this.#events = events.map((name) => WaitableEvent.create({ name }));
    this.task = { how, semaphore, events, begun, seed: random.below(2 ** 31) };
  }

  /** Releases counts from the moment when the other side has begun until it ends. */
  async releaseUntil(ended: Promise<unknown>): Promise<void> {
    let over = false;
    const end = ended.finally(() => {
      over = true;
    });
    await begunBy(this.#begun, 1, [end]);
    while (!over) {
      this.release();
      await sleep(this.#random.below(30));
    }
  }

  /** Waits until the other side has begun, or has ended. */
  begun(ended: Promise<unknown>): Promise<void> {
    return begunBy(this.#begun, 1, [ended]);
  }

  release(): void {
    this.#semaphore.release();
    this.#released++;
  }

  /** Closes everything, and adds what is left and what was sent here to what the other side has counted. */
  async finish({ released, taken }: Counts): Promise<Tally> {
    let left = 0;
    for (const handle of [this.#semaphore, ...this.#events]) {
      left += await countLeft(handle);
      handle.close();
    }
    this.#begun.close();
    return { released: released + this.#released, taken, left };
  }
}

/** Repeats something, two at a time, until a share of the time is over. Stops at the first signal that is lost. */
async function repeat(share: number, random: Random, once: (random: Random) => Promise<Tally>): Promise<Tally[]> {
  const over = timeLimit(share);
  const tallies: Tally[] = [];
  do {
    tallies.push(...(await Promise.all([once(random), once(random)])));
  } while (tallies.every(isConserved) && !over());
  return tallies;
}

describe('no signal is lost if a process with pending waits ends', () => {
  const ends: [what: string, how: End, code: number][] = [
    ['by itself', 'natural end', 0],
    ['by process.exit()', 'exit', 0],
    ['by process.exit() in the continuation of a wait', 'exit in a continuation', 0],
    ['by an uncaught error', 'uncaught error', 1],
    ['right after close()', 'close', 0],
    ['right after shutdown()', 'shutdown', 0],
  ];
  test.each(ends)('%s', async (_, how, code) => {
    const tallies = await repeat(0.04, new Random(SEED), async (random) => {
      const scene = new Scene(how, random);
      const child = asChild('conservation-end', scene.task);
      await scene.releaseUntil(child);
      const ended = await child;
      const stderr = code === 0 ? '' : expect.stringContaining('Error: thrown on purpose');
      expect(ended).toMatchObject({ code, signal: null, stderr });
      return scene.finish(JSON.parse(ended.last) as Counts);
    });
    expectConserved(tallies);
  });
});

describe('no signal is lost if a Worker with pending waits ends', () => {
  interface Started {
    worker: Worker;
    memory: Int32Array;
    errors: unknown[];
    exit: Promise<unknown>;
    counts(): Counts;
  }

  function start(scene: Scene): Started {
    const shared = new SharedArrayBuffer(SHARED.size * 4);
    const memory = new Int32Array(shared);
    const worker = new Worker(fixture('conservation-end'), { workerData: { ...scene.task, shared } });
    const errors: unknown[] = [];
    worker.on('error', (error) => errors.push(error));
    const exit = new Promise((resolve) => worker.once('exit', resolve));
    const counts = (): Counts => ({ released: memory[SHARED.released]!, taken: memory[SHARED.taken]! });
    return { worker, memory, errors, exit, counts };
  }

  const ends: [what: string, how: End][] = [
    ['by itself', 'natural end'],
    ['by process.exit()', 'exit'],
    ['by process.exit() in the continuation of a wait', 'exit in a continuation'],
    ['by an uncaught error', 'uncaught error'],
    ['right after close()', 'close'],
    ['right after shutdown()', 'shutdown'],
  ];
  test.each(ends)('%s', async (_, how) => {
    const tallies = await repeat(0.02, new Random(SEED), async (random) => {
      const scene = new Scene(how, random);
      const { errors, exit, counts } = start(scene);
      await scene.releaseUntil(exit);
      expect(errors).toEqual(how === 'uncaught error' ? [expect.objectContaining({ message: 'thrown on purpose' })] : []);
      return scene.finish(counts());
    });
    expectConserved(tallies);
  });

  // If terminate() stopped JavaScript between the package's code and the program's, it would be open whether the signal was heard.
  test('by terminate(), while its JavaScript is blocked', async () => {
    const tallies = await repeat(0.05, new Random(SEED), async (random) => {
      const scene = new Scene('hold still', random);
      const { worker, memory, errors, exit, counts } = start(scene);
      await scene.begun(exit);
      const enough = 1 + random.below(8);
      while (counts().taken < enough && errors.length === 0) {
        scene.release();
        await sleep(random.below(30));
      }
      Atomics.store(memory, SHARED.hold, HOLD.asked);
      await eventually(() => Atomics.load(memory, SHARED.hold) === HOLD.still || errors.length > 0);
      expect(errors).toEqual([]);
      for (let rest = random.below(4); rest > 0; rest--) scene.release();
      if (random.chance(0.7)) await sleep(random.below(4));
      await worker.terminate();
      await exit;
      return scene.finish(counts());
    });
    expectConserved(tallies);
  });
});
