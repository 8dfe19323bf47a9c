// In separate processes: other test files may hold the platform in this one, so it might never shut down.

import { expect, test } from '@jest/globals';
import { platformEvents } from 'rtworkq';
import { expectOneOf, PATIENCE } from '../../support/answers';
import { runCode } from '../../support/child';
import { describeIf } from '../../support/implemented';

const describeEvents = describeIf(() => platformEvents.once('shutdownStart', () => {}));
const ROUND = ['initializationComplete', 'shutdownStart', 'shutdownComplete'];

/**
 * Runs a program and returns what it pushed into `heard`. Its `round()` starts the platform and shuts it down. Microsoft names the
 * events, but does not document how often and in which order they come, so the program stops waiting after PATIENCE.
 */
async function hear(code: string): Promise<unknown[]> {
  const { last, stderr } = await runCode(`
    const { once } = require('node:events');
    const { channel } = require('node:diagnostics_channel');
    const { platformEvents } = rtworkq;
    const heard = [];
    process.on('exit', () => console.log(JSON.stringify(heard)));
    const until = async (condition) => {
      for (const end = performance.now() + ${PATIENCE}; !condition() && performance.now() < end; ) await new Promise(setImmediate);
    };
    const round = async () => {
      let complete = false;
      platformEvents.once('shutdownComplete', () => (complete = true));
      await rtworkq.putWorkItem();
      await rtworkq.shutdown();
      await until(() => complete);
    };
    (async () => {${code}})();`);
  expect(stderr).toBe('');
  return JSON.parse(last);
}

/** Expects a sequence of the events' names under Wine, and on Windows any sequence of them. */
function expectSequence(what: string, heard: unknown[], known: string[]): void {
  for (const name of heard) expect(ROUND).toContain(name);
  expectOneOf(`platform events of ${what}`, heard, known, expect.any(Array));
}

test('platformEvents emits events of other names without the platform', () => {
  // biome-ignore lint/suspicious/noExplicitAny: a name that is not declared.
  const emitter = platformEvents as any;
  emitter.once('something else', () => {});
  expect(emitter.emit('something else')).toBe(true);
});

describeEvents('platformEvents', () => {
  test('reports starts and shutdowns in order', async () => {
    const heard = await hear(`
      for (const name of ${JSON.stringify(ROUND)}) platformEvents.on(name, () => heard.push(name));
      for (let count = 0; count < 3; count++) await round();`);
    expectSequence('three starts and shutdowns', heard, [...ROUND, ...ROUND, ...ROUND]);
  });

  test('keeps the order when events come faster than the event loop runs', async () => {
    const heard = await hear(`
      for (const name of ${JSON.stringify(ROUND)}) platformEvents.on(name, () => heard.push(name));
      await round();
      for (let count = 0; count < 3; count++) rtworkq.startup().release();
      await until(() => heard.length >= 12);`);
    expectSequence('four, three of them at once', heard, [...ROUND, ...ROUND, ...ROUND, ...ROUND]);
  });

  test('reports shutdownComplete to a thread that was busy and has nothing else to do', async () => {
    const heard = await hear(`
      platformEvents.on('shutdownComplete', () => heard.push('shutdownComplete'));
      const complete = once(platformEvents, 'shutdownComplete');
      const items = [rtworkq.putWorkItem(), rtworkq.scheduleWorkItem(1)];
      await items[0];
      for (const end = performance.now() + 100; performance.now() < end; );
      await items[1];
      await rtworkq.shutdown();
      await complete;`);
    expectSequence('a thread that was busy', heard, ['shutdownComplete']);
  });

  test('does not run listeners in the async context of the first caller', async () => {
    const heard = await hear(`
      const storage = new (require('node:async_hooks').AsyncLocalStorage)();
      await storage.run('first', () => rtworkq.putWorkItem());
      await rtworkq.shutdown();
      platformEvents.once('initializationComplete', () => heard.push(storage.getStore() ?? null));
      await rtworkq.putWorkItem();
      await until(() => heard.length >= 1);`);
    expectOneOf('the async context of initializationComplete', heard, [null], []);
  });

  test('publishes the same events through diagnostics_channel', async () => {
    const heard = await hear(`
      for (const name of ['initialization-complete', 'shutdown-start', 'shutdown-complete']) {
        channel('rtworkq:' + name).subscribe((message) => heard.push(message));
      }
      await rtworkq.putWorkItem();
      await rtworkq.shutdown();
      await until(() => heard.length >= 3);`);
    for (const message of heard) expect(message).toEqual({ name: expect.any(String) });
    const names = heard.map((message) => (message as { name: string }).name);
    expectSequence('diagnostics_channel', names, ROUND);
  });
});
