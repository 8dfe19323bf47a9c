import { AsyncLocalStorage } from 'node:async_hooks';
import { afterEach, describe, expect, test } from '@jest/globals';
import { addPeriodicCallback, type PeriodicCallback, type PeriodicTick, putWorkItem, scheduleWorkItem, shutdown } from 'rtworkq';
import { expectOneOf, underWine } from '../../support/answers';
import { runCode } from '../../support/child';
import { sleep, spin } from '../../support/time';

afterEach(() => shutdown());

/** Resolves with the ticks of a callback when it has been called `count` times. */
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

/** The shortest time between two beats, in milliseconds. Windows does not document how fast it makes up for late ones. */
const SHORTEST = underWine ? 5 : 0.5;

/** Resolves at the next beat. */
const beat = (): Promise<PeriodicTick[]> => beats(1);

describe('addPeriodicCallback', () => {
  test('has a positive average period, which is above 5 ms under Wine', async () => {
    const ticks = await beats(30);
    const first = ticks[0]!;
    const last = ticks.at(-1)!;
    const calls = ticks.slice(1).reduce((sum, { missed }) => sum + 1 + missed, 0);
    const period = (last.firedAt - first.firedAt) / calls;
    // After late beats the next ones come closer together. How late they are depends on the machine.
    expect(period).toBeGreaterThan(0);
    expectOneOf('the period of the beat, more than 5 ms', period > 5 || period, true, expect.any(Number));
  });

  test('passes the time of each beat', async () => {
    const from = performance.now();
    const ticks = await beats(5);
    const times = [from, ...ticks.map(({ firedAt }) => firedAt), performance.now()];
    expect(times).toEqual(times.toSorted((one, other) => one - other));
  });

  test('counts beats that come while JavaScript is busy as missed, instead of running for each', async () => {
    const ticks: PeriodicTick[] = [];
    using _callback = addPeriodicCallback((tick) => ticks.push(tick));
    // On a busy machine there may be no beats either, so this repeats until some have been missed.
    do {
      await beat();
      ticks.length = 0;
      const from = performance.now();
      spin(100);
      const free = performance.now();
      await new Promise(setImmediate);
      await new Promise(setImmediate);
      // A beat that came while the first was on its way may be here too, and those since then. Late ones come closer together.
      expect(ticks.length).toBeLessThanOrEqual(2 + (performance.now() - free) / SHORTEST);
      for (const { missed } of ticks) expect(missed).toBeLessThan((performance.now() - from) / SHORTEST);
    } while (ticks.every(({ missed }) => missed < 3));
  });

  test('runs the callback in the async context in which it was added', async () => {
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

  test('runs 50 callbacks at once', async () => {
    expect(await Promise.all(Array.from({ length: 50 }, () => beats(3)))).toHaveLength(50);
  });

  test('keeps beating beside 500 work items', async () => {
    const [ticks, results] = await Promise.all([
      beats(10),
      Promise.all(Array.from({ length: 500 }, (_, index) => (index % 2 ? putWorkItem() : scheduleWorkItem(index % 50)))),
    ]);
    expect(ticks).toHaveLength(10);
    expect(results).toHaveLength(500);
  });
});

describe('a removed periodic callback', () => {
  test('is not called again, even if beats are on their way', async () => {
    let calls = 0;
    const callback = addPeriodicCallback(() => calls++);
    // Beats are on their way to JavaScript.
    spin(60);
    expect(callback.remove()).toBe(true);
    expect(callback.remove()).toBe(false);
    await beats(5);
    expect(calls).toBe(0);
  });

  test('is not called again after it has removed itself', async () => {
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

  test('is not called again after another callback of the same batch has removed it', async () => {
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
    // Both have fired before JavaScript is free.
    spin(60);
    await beats(5);
    expect(calls.toSorted()).toEqual([0, expect.any(Number)]);
    expect(Math.max(...calls)).toBeGreaterThan(0);
  });

  test('does not pass its beats on to the next callback in its slot', async () => {
    for (let round = 0; round < 20; round++) {
      const callback = addPeriodicCallback(() => {});
      spin(15);
      callback.remove();
      const from = performance.now();
      const [tick] = await beat();
      expect(tick!.firedAt).toBeGreaterThanOrEqual(from);
    }
  });

  test('is not called again after its `using` scope', async () => {
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

  test('can be disposed more than once', () => {
    const callback = addPeriodicCallback(() => {});
    callback[Symbol.dispose]();
    callback[Symbol.dispose]();
    expect(callback.remove()).toBe(false);
  });

  test('ignores ref() and unref()', () => {
    const callback = addPeriodicCallback(() => {}, { ref: false });
    expect(callback.hasRef()).toBe(false);
    callback.remove();
    expect(callback.ref()).toBe(callback);
    expect(callback.unref()).toBe(callback);
  });

  test('is not called again after shutdown()', async () => {
    let calls = 0;
    const callback = addPeriodicCallback(() => calls++);
    spin(40);
    await shutdown();
    expect(callback.remove()).toBe(false);
    await beats(3);
    expect(calls).toBe(0);
  });

  test('is not called again after it has called shutdown()', async () => {
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

describe('a periodic callback', () => {
  test('that throws causes an uncaught exception, which ends the process', async () => {
    const ended = await runCode("rtworkq.addPeriodicCallback(() => { throw new Error('thrown on purpose') })");
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('Error: thrown on purpose');
  });

  test('that throws goes on if the exception is handled, and so do the others', async () => {
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
  ])('lets the process end: %s', async (_, code) => {
    expect(await runCode(code)).toMatchObject({ code: 0, signal: null, stderr: '' });
  });

  test.each([
    ['by default', ''],
    ['ref() after unref()', '.unref().ref()'],
  ])('keeps the process alive: %s', async (_, more) => {
    const ended = await runCode(
      `let calls = 0;
      const callback = rtworkq.addPeriodicCallback(() => { if (++calls === 5) { console.log('five'); callback.remove(); } })${more};`,
    );
    expect(ended).toMatchObject({ code: 0, last: 'five', stderr: '' });
  });
});

test('a work item fires while a periodic callback is registered', async () => {
  using _callback = addPeriodicCallback(() => {}, { ref: false });
  await sleep(1);
  await expect(putWorkItem()).resolves.toMatchObject({ status: 0 });
});
