// No wait loses a signal, however it ends: a wait has taken and reported it, or it is left. Here within one process;
// test/lifetime/conservation.test.ts tests several processes, Workers, and their ends.

import { afterEach, describe, expect, test } from '@jest/globals';
import { Semaphore, shutdown, WaitableEvent, WaitableTimer, type WaitHandle, waitFor, waitForAll, waitForAny } from 'rtworkq';
import { countLeft, expectConserved, isConserved, SEED, type Tally, timeLimit } from '../../support/conservation';
import { loadHelper } from '../../support/helper';
import { foreignSignal } from '../../support/hostile';
import { uniqueName } from '../../support/name';
import { Random } from '../../support/random';
import { ENDINGS, type Ending, pause, RandomWaits, type Target, workOn } from '../../support/random-waits';
import { sleep, spinUntil } from '../../support/time';

afterEach(() => shutdown());

const LANES = 12;

/** How many signals a test sends at least. */
const ENOUGH = 10;

describe('no count of a semaphore is lost', () => {
  test.each(ENDINGS.map((ending): [string, Ending[]] => [ending, [ending]]).concat([['any of these', [...ENDINGS]]]))(
    'by waits that end by %s',
    async (_, endings) => {
      const random = new Random(SEED);
      const waits = new RandomWaits(random);
      const name = uniqueName();
      using semaphore = Semaphore.create({ name });
      const counts = { released: 0, taken: 0 };
      const over = timeLimit(0.025, () => counts.released >= ENOUGH && counts.taken > 0);
      await workOn(semaphore, { random, waits, endings, open: () => Semaphore.open(name), lanes: LANES, over, counts });
      await waits.finish();
      expectConserved([{ ...counts, left: await countLeft(semaphore) }]);
    },
  );
});

/** An object that has at most one signal, which is sent once per round. */
interface Single {
  target: Target;
  /** Opens the object again. */
  open(): Target;
  send(random: Random): void;
  /** Resolves to 1 if a signal is left. `expected`: whether one must be, or will be soon. */
  left(expected: boolean): Promise<number>;
}

/** Waits for a timer that is due within milliseconds. A wait that shutdown() ends begins again. */
async function dueTimer(timer: WaitableTimer): Promise<number> {
  for (;;) {
    try {
      // Five seconds are enough: a signaled handle wins over the timeout, so this only times out if the signal is lost.
      return (await waitFor(timer, { timeout: 5_000 })) === 'signaled' ? 1 : 0;
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'ABORT_ERR') throw error;
    }
  }
}

const singles: [what: string, make: (name: string) => Single][] = [
  [
    'an auto-reset event',
    (name) => {
      const target = WaitableEvent.create({ name });
      return { target, open: () => WaitableEvent.open(name), send: () => target.set(), left: () => countLeft(target) };
    },
  ],
  [
    'an auto-reset timer',
    (name) => {
      const target = WaitableTimer.create({ name });
      return {
        target,
        open: () => WaitableTimer.open(name),
        send: (random) => target.set(random.fraction() * 3),
        left: (expected) => (expected ? dueTimer(target) : countLeft(target)),
      };
    },
  ],
];

describe.each(singles)('the signal of %s is not lost', (_, make) => {
  test.each(ENDINGS)('by waits that end by %s', async (ending) => {
    const random = new Random(SEED);
    const waits = new RandomWaits(random);
    const tallies: Tally[] = [];
    const over = timeLimit(0.0175, () => tallies.some(({ taken }) => taken > 0));

    const round = async ({ target, open, send, left }: Single): Promise<Tally> => {
      const first = random.chance(0.2);
      if (first) send(random);
      const own = Array.from({ length: 1 + random.below(3) }, () => (ending === 'close' ? open() : target));
      const pending = own.map((each) => waits.takesOne(ending, each));
      if (!first) {
        // At once, or when some of the waits have ended.
        if (random.chance(0.7)) await sleep(random.below(8));
        send(random);
        if (random.chance(0.5)) waits.endSome();
      }
      const taken = (await Promise.all(pending)).filter((each) => each).length;
      for (const each of own) if (each !== target) each.close();
      return { released: 1, taken, left: await left(taken === 0) };
    };

    const lane = async (): Promise<void> => {
      const single = make(uniqueName());
      let conserved = true;
      while (conserved && !over()) {
        const tally = await round(single);
        tallies.push(tally);
        conserved = isConserved(tally);
      }
      single.target.close();
    };

    await Promise.all(Array.from({ length: LANES }, lane));
    await waits.finish();
    expectConserved(tallies);
  });
});

/** A semaphore, with how often it was released and how many counts were taken. */
interface Place {
  name: string;
  semaphore: Semaphore;
  released: number;
  taken: number;
}

const placeOf = (): Place => {
  const name = uniqueName();
  return { name, semaphore: Semaphore.create({ name }), released: 0, taken: 0 };
};

/** Expects for each semaphore that none of its counts is lost. */
async function expectEachConserved(places: readonly Place[]): Promise<void> {
  const tallies = await Promise.all(places.map(async ({ semaphore, ...counts }) => ({ ...counts, left: await countLeft(semaphore) })));
  for (const { semaphore } of places) semaphore.close();
  expectConserved(tallies);
}

/** Whether enough was released and taken to compare. */
const isEnough = (places: readonly Place[]): boolean =>
  places.reduce((sum, { released }) => sum + released, 0) >= ENOUGH && places.some(({ taken }) => taken > 0);

/** Opens one of the semaphores again if a close() is to end the wait. Returns all handles, and the one to close. */
function handlesOf(random: Random, chosen: readonly Place[], ending: Ending): { targets: WaitHandle[]; closes: WaitHandle } {
  const targets: WaitHandle[] = chosen.map(({ semaphore }) => semaphore);
  const index = random.below(chosen.length);
  if (ending === 'close') targets[index] = Semaphore.open(chosen[index]!.name);
  return { targets, closes: targets[index]! };
}

/** How many semaphores are too many for one WaitForMultipleObjects, and for one thread that needs two places for itself. */
const MANY = 70;

describe('waits for several semaphores', () => {
  test('waitForAny() takes one count of one of 2 to 70 semaphores', async () => {
    const random = new Random(SEED);
    const waits = new RandomWaits(random);
    const places = Array.from({ length: MANY }, placeOf);
    const over = timeLimit(0.045, () => isEnough(places));
    const lane = async (): Promise<void> => {
      while (!over()) {
        const ending = random.pick(ENDINGS);
        const chosen = random.sample(places, 2 + random.below(random.chance(0.2) ? MANY - 1 : 8));
        const { targets, closes } = handlesOf(random, chosen, ending);
        const found = await waits.run(ending, closes, (options) => waitForAny(targets, options));
        if (typeof found === 'object') chosen[found.index]!.taken++;
        if (ending === 'close') closes.close();
      }
    };
    const release = async (): Promise<void> => {
      while (!over()) {
        for (const place of random.sample(places, 1 + random.below(4))) {
          place.semaphore.release();
          place.released++;
        }
        if (random.chance(0.5)) waits.endSome();
        await pause(random);
      }
    };
    await Promise.all([release(), ...Array.from({ length: 8 }, lane)]);
    await waits.finish();
    await expectEachConserved(places);
  });

  test('waitForAll() takes one count of each of 2 to 70 semaphores, or none, beside waits for single ones', async () => {
    const random = new Random(SEED);
    const waits = new RandomWaits(random);
    const places = Array.from({ length: MANY }, placeOf);
    // Most waits compete for these.
    const few = places.slice(0, 5);
    const over = timeLimit(0.05, () => isEnough(places));
    const lane = async (): Promise<void> => {
      while (!over()) {
        const ending = random.pick(ENDINGS);
        const chosen = random.chance(0.05) ? random.sample(places, 60 + random.below(11)) : random.sample(few, 2 + random.below(4));
        const { targets, closes } = handlesOf(random, chosen, ending);
        const outcome = await waits.run(ending, closes, (options) => waitForAll(targets, options));
        if (outcome === 'signaled') for (const place of chosen) place.taken++;
        if (ending === 'close') closes.close();
      }
    };
    const single = async (): Promise<void> => {
      while (!over()) {
        const place = random.pick(few);
        const taken = await waits.takesOne(random.pick(['timeout', 'abort', 'shutdown']), place.semaphore);
        if (taken) place.taken++;
      }
    };
    const release = async (): Promise<void> => {
      while (!over()) {
        for (const place of random.chance(0.1) ? places : random.sample(few, 1 + random.below(5))) {
          place.semaphore.release();
          place.released++;
        }
        if (random.chance(0.5)) waits.endSome();
        await pause(random);
      }
    };
    await Promise.all([release(), ...Array.from({ length: 6 }, lane), single(), single()]);
    await waits.finish();
    await expectEachConserved(places);
  });

  test('waitForAll() holds nothing while a semaphore is missing', async () => {
    using first = Semaphore.create({ initial: 1 });
    using missing = Semaphore.create();
    const controller = new AbortController();
    const outcome = waitForAll([first, missing], { signal: controller.signal }).catch(({ code }) => code);
    // Some turns and another wait, during which it could take what is there.
    expect(await waitFor(missing, { timeout: 20 })).toBe('timeout');
    expect(await waitFor(first, { timeout: 0 })).toBe('signaled');
    controller.abort();
    expect(await outcome).toBe('ABORT_ERR');
    expect(await countLeft(first)).toBe(0);
  });
});

test('a wait whose signal throws from addEventListener() gives back what it took', async () => {
  const helper = loadHelper();
  using semaphore = Semaphore.create({ initial: 1 });
  const failed = new Error('thrown on purpose');
  const { signal } = foreignSignal({
    add() {
      spinUntil(() => !helper.isSignaled(semaphore.handle));
      throw failed;
    },
  });
  await expect(waitFor(semaphore, { signal })).rejects.toBe(failed);
  expect(await waitFor(semaphore)).toBe('signaled');
  expect(await countLeft(semaphore)).toBe(0);
});
