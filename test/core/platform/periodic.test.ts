import { AsyncLocalStorage } from 'node:async_hooks';
import { afterEach, describe, expect, test } from '@jest/globals';
import { addPeriodicCallback, type PeriodicCallback, type PeriodicTick, putWorkItem, scheduleWorkItem, shutdown } from 'rtworkq';
import { expectOneOf, underWine } from '../../support/answers';
import { runCode } from '../../support/child';
import { sleep, spin } from '../../support/time';

afterEach(() => shutdown());

/** Runs until a callback has been called so many times; gives the ticks. */
function beats(count: number): Promise<PeriodicTick[]> {
  const ticks: PeriodicTick[] = [];
  return new Promise((resolve) => {
    const callback = addPeriodicCallback((tick) => {
      if (ticks.push(tick) < count) return;
      callback.remove();
      resolve(ticks);
    });
  });
}

/** The shortest time between two beats, in milliseconds. Windows does not say how fast it makes up for late ones. */
const SHORTEST = underWine ? 5 : 0.5;

/** Resolves at the next beat. */
const beat = (): Promise<PeriodicTick[]> => beats(1);

describe('addPeriodicCallback', () => {
  test('beats at a pace, by the time between the first and the last', async () => {
    const ticks = await beats(30);
    const first = ticks[0]!;
    const last = ticks.at(-1)!;
    const calls = ticks.slice(1).reduce((sum, { missed }) => sum + 1 + missed, 0);
    const period = (last.firedAt - first.firedAt) / calls;
    // Beats that were late come closer together afterwards. How late they are on a busy machine is not ours.
    expect(period).toBeGreaterThan(0);
    expectOneOf('the period of the beat, more than 5 ms', period > 5 || period, true, expect.any(Number));
  });

  test('tells when the beat was', async () => {
    const from = performance.now();
    const ticks = await beats(5);
    const times = [from, ...ticks.map(({ firedAt }) => firedAt), performance.now()];
    expect(times).toEqual(times.toSorted((one, other) => one - other));
  });

  test('counts the beats that JavaScript was too busy for, and runs once for all of them', async () => {
    const ticks: PeriodicTick[] = [];
    using _callback = addPeriodicCallback((tick) => ticks.push(tick));
    // On a busy machine the beats may stay away as well: until some have been missed.
    do {
      await beat();
      ticks.length = 0;
      const from = performance.now();
      spin(100);
      const free = performance.now();
      await new Promise(setImmediate);
      await new Promise(setImmediate);
      // One that came while the first was on its way may be there, too, and those since then. Late ones come
      // closer together.
      expect(ticks.length).toBeLessThanOrEqual(2 + (performance.now() - free) / SHORTEST);
      for (const { missed } of ticks) expect(missed).toBeLessThan((performance.now() - from) / SHORTEST);
    } while (ticks.every(({ missed }) => missed < 3));
  });

  test('keeps the async context in which it was added', async () => {
    const storage = new AsyncLocalStorage<string>();
    const seen = await storage.run(
      'here',
      () =>
        new Promise((resolve) => {
          const callback = addPeriodicCallback(() => {
            callback.remove();
            resolve(storage.getStore());
          });
        }),
    );
    expect(seen).toBe('here');
  });

  test('50 at once all beat', async () => {
    expect(await Promise.all(Array.from({ length: 50 }, () => beats(3)))).toHaveLength(50);
  });

  test('goes on beside work items', async () => {
    const [ticks, results] = await Promise.all([
      beats(10),
      Promise.all(Array.from({ length: 500 }, (_, index) => (index % 2 ? putWorkItem() : scheduleWorkItem(index % 50)))),
    ]);
    expect(ticks).toHaveLength(10);
    expect(results).toHaveLength(500);
  });
});

describe('a removed callback', () => {
  test('is not called any more, whatever is under way', async () => {
    let calls = 0;
    const callback = addPeriodicCallback(() => calls++);
    // Beats are on their way, and JavaScript has not heard of them.
    spin(60);
    expect(callback.remove()).toBe(true);
    expect(callback.remove()).toBe(false);
    await beats(5);
    expect(calls).toBe(0);
  });

  test('is not called any more when it has removed itself', async () => {
    let calls = 0;
    const answers: boolean[] = [];
    const callback = addPeriodicCallback(() => {
      calls++;
      answers.push(callback.remove(), callback.remove());
      spin(40);
    });
    await beats(5);
    expect(calls).toBe(1);
    expect(answers).toEqual([true, false]);
  });

  test('is not called any more when one of the same batch has removed it', async () => {
    const calls = [0, 0];
    const callbacks: PeriodicCallback[] = [];
    for (const [index, other] of [1, 0].entries()) {
      callbacks.push(
        addPeriodicCallback(() => {
          calls[index]!++;
          callbacks[other]!.remove();
        }),
      );
    }
    // Both have beaten when JavaScript hears of it.
    spin(60);
    await beats(5);
    expect(calls.toSorted()).toEqual([0, expect.any(Number)]);
    expect(Math.max(...calls)).toBeGreaterThan(0);
  });

  test('gives its place to another one, which does not get its beats', async () => {
    for (let round = 0; round < 20; round++) {
      const callback = addPeriodicCallback(() => {});
      spin(15);
      callback.remove();
      const from = performance.now();
      const [tick] = await beat();
      expect(tick!.firedAt).toBeGreaterThanOrEqual(from);
    }
  });

  test('is what a `using` scope leaves', async () => {
    let calls = 0;
    {
      using callback = addPeriodicCallback(() => calls++);
      expect(callback.hasRef()).toBe(true);
      await beat();
      await beat();
    }
    const before = calls;
    expect(before).toBeGreaterThan(0);
    await beats(3);
    expect(calls).toBe(before);
  });

  test('is what dispose leaves, more than once', () => {
    const callback = addPeriodicCallback(() => {});
    callback[Symbol.dispose]();
    callback[Symbol.dispose]();
    expect(callback.remove()).toBe(false);
  });

  test('takes ref() and unref() without a word', () => {
    const callback = addPeriodicCallback(() => {}, { ref: false });
    expect(callback.hasRef()).toBe(false);
    callback.remove();
    expect(callback.ref()).toBe(callback);
    expect(callback.unref()).toBe(callback);
  });

  test('is what shutdown() leaves', async () => {
    let calls = 0;
    const callback = addPeriodicCallback(() => calls++);
    spin(40);
    await shutdown();
    expect(callback.remove()).toBe(false);
    await beats(3);
    expect(calls).toBe(0);
  });

  test('is what a shutdown() from inside of it leaves', async () => {
    let calls = 0;
    await new Promise<void>((resolve, reject) => {
      addPeriodicCallback(() => {
        calls++;
        shutdown().then(resolve, reject);
      });
    });
    await beats(3);
    expect(calls).toBe(1);
  });
});

describe('in a process of its own', () => {
  test('what it throws is an uncaught exception, and ends the process', async () => {
    const ended = await runCode("rtworkq.addPeriodicCallback(() => { throw new Error('thrown on purpose') })");
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('Error: thrown on purpose');
  });

  test('it goes on where somebody handles the exception, and so do the others', async () => {
    const ended = await runCode(
      `
      let own = 0;
      let others = 0;
      let caught = 0;
      process.on('uncaughtException', (error) => {
        if (error.message === 'thrown on purpose') caught++;
      });
      const thrower = rtworkq.addPeriodicCallback(() => { own++; throw new Error('thrown on purpose') });
      const other = rtworkq.addPeriodicCallback(() => {
        if (++others < 3 || own < 3) return;
        thrower.remove();
        other.remove();
        setImmediate(() => console.log(caught === own));
      });`,
    );
    expect(ended).toMatchObject({ code: 0, last: 'true', stderr: '' });
  });

  test.each([
    ['ref: false', 'rtworkq.addPeriodicCallback(() => {}, { ref: false })'],
    ['unref()', 'rtworkq.addPeriodicCallback(() => {}).unref()'],
    ['unref() after ref()', 'rtworkq.addPeriodicCallback(() => {}).ref().ref().unref()'],
    ['remove()', 'rtworkq.addPeriodicCallback(() => {}).remove()'],
    ['remove() by itself', 'const callback = rtworkq.addPeriodicCallback(() => callback.remove())'],
    ['shutdown()', 'rtworkq.addPeriodicCallback(() => {}); rtworkq.shutdown()'],
  ])('%s lets it end', async (_, code) => {
    expect(await runCode(code)).toMatchObject({ code: 0, signal: null, stderr: '' });
  });

  test.each([
    ['a callback', ''],
    ['ref() after unref()', '.unref().ref()'],
  ])('%s keeps it alive', async (_, more) => {
    const ended = await runCode(
      `let calls = 0;
      const callback = rtworkq.addPeriodicCallback(() => { if (++calls === 5) { console.log('five'); callback.remove(); } })${more};`,
    );
    expect(ended).toMatchObject({ code: 0, last: 'five', stderr: '' });
  });
});

test('a beat in between does not wait for JavaScript', async () => {
  using _callback = addPeriodicCallback(() => {}, { ref: false });
  await sleep(1);
  await expect(putWorkItem()).resolves.toMatchObject({ status: 0 });
});
