// The tests, for each test runner and its fake clock.

import assert from 'node:assert';
import { isSupported } from 'rtworkq';
import { simulate } from 'rtworkq/testing';
import { attempts, later, watch } from './app.mjs';

/**
 * @param {(name: string, run: () => unknown) => void} test
 * @param {{ start(): void, tick(milliseconds: number): unknown, stop(): void }} clock the fake clock
 */
export function define(test, { start, tick, stop }) {
  /** A test in a simulation. The order of the two clocks does not matter. */
  const simulated = (name, first, run) =>
    test(name, () => {
      if (first === 'clock') start();
      const sim = simulate({ clock: 'host' });
      if (first === 'simulation') start();
      try {
        run();
      } finally {
        sim.end();
        stop();
      }
    });

  for (const first of ['clock', 'simulation']) {
    simulated(`a timer fires exactly when it is due; the ${first} is first`, first, () => {
      let count = 0;
      later(() => count++);
      tick(4_999);
      assert.equal(count, 0);
      tick(1);
      assert.equal(count, 1);
    });

    simulated(`an interval ticks once a period; the ${first} is first`, first, () => {
      let value = 0;
      let looked = 0;
      const seen = [];
      const end = watch(
        () => {
          looked++;
          return value;
        },
        (next) => seen.push(next),
      );
      value = 1;
      tick(1_000);
      value = 2;
      tick(1_000);
      end();
      value = 3;
      tick(1_000);
      assert.deepEqual([seen, looked], [[1, 2], 9]);
    });
  }

  test('the clock of the simulation moves work items and waits', async () => {
    const before = isSupported();
    const sim = simulate();
    const other = sim.startProcess();
    const tried = attempts('Local\\ready', 5);
    await sim.advance(2_500);
    other.setEvent('Local\\ready');
    assert.equal(await tried, 3);
    const inVain = attempts('Local\\ready', 5);
    await sim.runAll();
    assert.equal(await inVain, undefined);
    assert.equal(sim.now, 7_500);
    sim.end();
    assert.equal(isSupported(), before);
  });
}
