// periodicBeat(), and AbortSignals for addPeriodicCallback().

import { getEventListeners } from 'node:events';
import { afterEach, describe, expect, test } from '@jest/globals';
import { addPeriodicCallback, type Occurrences, type PeriodicTick, periodicBeat, shutdown } from 'rtworkq';
import { runCode } from '../../support/child';
import { endedBy } from '../../support/errors';
import { foreignSignal } from '../../support/hostile';
import { spin } from '../../support/time';

afterEach(() => shutdown());

describe('periodicBeat', () => {
  test('yields the beats in order', async () => {
    const ticks: PeriodicTick[] = [];
    for await (const tick of periodicBeat()) if (ticks.push(tick) === 10) break;
    const times = ticks.map(({ firedAt }) => firedAt);
    expect(times).toEqual(times.toSorted((one, other) => one - other));
    for (const { missed } of ticks) expect(missed).toBeGreaterThanOrEqual(0);
  });

  test('counts the beats between two next() calls as missed', async () => {
    const beat = periodicBeat();
    // On a busy machine there may be no beats either, so this repeats until some have been missed.
    let missed = 0;
    do {
      await beat.next();
      spin(100);
      // The beats arrive while JavaScript is idle, before next() is called.
      await new Promise((resolve) => setTimeout(resolve, 20));
      ({ missed } = (await beat.next()).value as PeriodicTick);
    } while (missed < 3);
    await beat.return?.();
  });

  test('yields each beat to one next() call only', async () => {
    const beat = periodicBeat();
    const results = await Promise.all([beat.next(), beat.next(), beat.next()]);
    const times = results.map(({ value }) => (value as PeriodicTick).firedAt);
    expect(new Set(times).size).toBe(3);
    await beat[Symbol.asyncDispose]();
    expect(await beat.next()).toEqual({ done: true, value: undefined });
  });

  test('begins at the first next(), and lets the process end before that, after break and with ref: false', async () => {
    const ended = await runCode('rtworkq.periodicBeat(); rtworkq.startup();');
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    const unref = await runCode('rtworkq.periodicBeat({ ref: false }).next();');
    expect(unref).toMatchObject({ code: 0, stderr: '' });
    const left = await runCode('(async () => { for await (const _ of rtworkq.periodicBeat()) break; console.log("left"); })();');
    expect(left).toMatchObject({ code: 0, last: 'left', stderr: '' });
  });

  test('rejects if its AbortSignal aborts before, between or during next() calls', async () => {
    await expect(periodicBeat({ signal: AbortSignal.abort('before') }).next()).rejects.toMatchObject({
      code: 'ABORT_ERR',
      cause: 'before',
    });
    const between = new AbortController();
    const one = periodicBeat({ signal: between.signal });
    await one.next();
    between.abort('between');
    await expect(one.next()).rejects.toMatchObject({ code: 'ABORT_ERR', cause: 'between' });
    expect(await one.next()).toEqual({ done: true, value: undefined });
    const after = new AbortController();
    const two = periodicBeat({ signal: after.signal });
    const next = [two.next(), two.next()];
    after.abort('after');
    await expect(next[0]).rejects.toMatchObject({ code: 'ABORT_ERR', cause: 'after' });
    // Only one of them rejects.
    expect(await next[1]).toEqual({ done: true, value: undefined });
    expect(getEventListeners(after.signal, 'abort')).toHaveLength(0);
  });

  test('rejects on shutdown()', async () => {
    const beat = periodicBeat();
    const next = beat.next();
    const down = shutdown();
    await expect(next).rejects.toEqual(endedBy('RTWQ_E_SHUTDOWN', 'RtwqShutdown'));
    await down;
    const other = periodicBeat();
    await other.next();
    await shutdown();
    await expect(other.next()).rejects.toEqual(endedBy('RTWQ_E_SHUTDOWN', 'RtwqShutdown'));
  });

  test('return() ends a pending next()', async () => {
    const beat = periodicBeat();
    const next = beat.next();
    await beat.return?.();
    expect(await next).toEqual({ done: true, value: undefined });
  });

  test.each([
    ['the aborted getter', 'aborted'],
    ['addEventListener()', 'add'],
  ] as const)('is over if %s of its AbortSignal calls return()', async (_, step) => {
    let beat: Occurrences<PeriodicTick> | undefined;
    let armed = false;
    const act = (): boolean => {
      if (armed) beat?.return?.();
      return false;
    };
    const { signal } = foreignSignal({ [step]: act });
    beat = periodicBeat({ signal });
    armed = true;
    expect(await beat.next()).toEqual({ done: true, value: undefined });
  });
});

describe('the AbortSignal of addPeriodicCallback()', () => {
  test('removes the callback on abort', async () => {
    const controller = new AbortController();
    let calls = 0;
    const removed = new Promise<void>((resolve) => {
      addPeriodicCallback(
        () => {
          if (++calls < 3) return;
          controller.abort();
          resolve();
        },
        { signal: controller.signal },
      );
    });
    await removed;
    for (let beats = 0; beats < 3; beats++) await periodicBeat().next();
    expect(calls).toBe(3);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  });

  test('prevents the callback from being called if it has already aborted', async () => {
    const callback = addPeriodicCallback(
      () => {
        throw new Error('called');
      },
      { signal: AbortSignal.abort() },
    );
    expect(callback.remove()).toBe(false);
    for (let beats = 0; beats < 3; beats++) await periodicBeat().next();
  });

  test('keeps no listener after remove() or shutdown()', async () => {
    const { signal } = new AbortController();
    addPeriodicCallback(() => {}, { signal }).remove();
    addPeriodicCallback(() => {}, { signal });
    await shutdown();
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });
});
