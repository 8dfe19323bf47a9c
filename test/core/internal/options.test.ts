// Each option is read once, inherited ones too, and the own names are listed once. Nothing else is done with the options.

import { afterEach, describe, expect, test } from '@jest/globals';
import { shutdown, WaitableEvent, WorkQueue, waitFor } from 'rtworkq';
import { CALLS, dispose, openScene, type Scene } from '../../support/calls';
import { counting } from '../../support/hostile';

const ends: (() => void)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0)) end();
  await shutdown();
});

function scene(): Scene {
  const opened = openScene();
  ends.push(() => opened.event.close());
  ends.push(() => opened.timer.close());
  ends.push(() => opened.mutex.close());
  return opened;
}

/** Makes the call and releases its result. Errors like E_NOTIMPL come after the options have been read. */
async function run(call: () => unknown): Promise<void> {
  try {
    const made = call();
    // shutdown() ends the waits.
    if (made instanceof Promise) made.catch(() => {});
    else dispose(made);
  } catch (error) {
    expect(error).toMatchObject({ name: 'RtwqError' });
  }
}

describe.each(CALLS)('$name', ({ options, call }) => {
  test('reads each option once, and does nothing else with them', async () => {
    const opened = scene();
    const counted = counting(options(opened));
    await run(() => call(opened, counted.options));
    const names = Object.keys(options(opened));
    expect(counted.reads).toEqual(Object.fromEntries(names.map((name) => [name, 1])));
    expect(counted.others).toEqual(['ownKeys', ...names.map(() => 'getOwnPropertyDescriptor')]);
  });

  test('reads inherited options', async () => {
    const opened = scene();
    const counted = counting(options(opened));
    await run(() => call(opened, Object.create(counted.options)));
    expect(Object.keys(counted.reads).sort()).toEqual(Object.keys(options(opened)).sort());
  });
});

describe('inherited options', () => {
  test('apply: the timeout of waitFor', async () => {
    using event = WaitableEvent.create();
    await expect(waitFor(event, Object.create({ timeout: 1, ref: true }))).resolves.toBe('timeout');
  });

  test('apply: the signal of event.signals', async () => {
    using event = WaitableEvent.create();
    const signals = event.signals(Object.create({ signal: AbortSignal.abort('so') }));
    await expect(signals.next()).rejects.toMatchObject({ code: 'ABORT_ERR', cause: 'so' });
  });

  test('apply: the drain of queue.close', async () => {
    const queue = WorkQueue.allocate('standard');
    const item = queue.schedule(20);
    await queue.close(Object.create({ drain: true }));
    await expect(item).resolves.toMatchObject({ status: 0 });
  });

  test('apply: those of a class with getters', async () => {
    class Options {
      get status(): number {
        return 7;
      }
    }
    const queue = WorkQueue.allocate('standard');
    await expect(queue.invoke(new Options())).resolves.toMatchObject({ status: 7 });
    await queue.close();
  });
});

test('event.signals reads its options when it is called, and not again', async () => {
  using event = WaitableEvent.create();
  const { options, reads } = counting({ signal: new AbortController().signal, ref: true });
  const signals = event.signals(options);
  for (let round = 0; round < 3; round++) {
    event.set();
    await expect(signals.next()).resolves.toMatchObject({ done: false });
  }
  expect(reads).toEqual({ signal: 1, ref: 1 });
});
