// In processes of their own: here other test files may hold the platform too, and it would never shut down.

import { describe, expect, test } from '@jest/globals';
import { platformEvents } from 'rtworkq';
import { runCode } from '../../support/child';
import { implemented } from '../../support/implemented';

const supported = implemented(() => platformEvents.once('shutdownStart', () => {}));
const ROUND = ['initializationComplete', 'shutdownStart', 'shutdownComplete'];

/** What a program has heard that pushes into `heard` and starts and ends the platform three times by `round()`. */
async function hear(code: string): Promise<unknown> {
  const { last, stderr } = await runCode(`
    const { once } = require('node:events');
    const { channel } = require('node:diagnostics_channel');
    const { platformEvents } = rtworkq;
    const heard = [];
    const round = async () => {
      const complete = once(platformEvents, 'shutdownComplete');
      await rtworkq.putWorkItem();
      await rtworkq.shutdown();
      await complete;
    };
    (async () => {${code}; console.log(JSON.stringify(heard)); })();`);
  expect(stderr).toBe('');
  return JSON.parse(last);
}

test('other names are no business of the platform', () => {
  // biome-ignore lint/suspicious/noExplicitAny: a name that is not declared.
  const emitter = platformEvents as any;
  emitter.once('something else', () => {});
  expect(emitter.emit('something else')).toBe(true);
});

(supported ? describe : describe.skip)('platformEvents', () => {
  test('tells of starts and shutdowns, in order', async () => {
    const heard = await hear(`
      for (const name of ${JSON.stringify(ROUND)}) platformEvents.on(name, () => heard.push(name));
      for (let count = 0; count < 3; count++) await round();`);
    expect(heard).toEqual([...ROUND, ...ROUND, ...ROUND]);
  });

  test('keeps them in order when they come faster than the loop runs', async () => {
    const heard = await hear(`
      for (const name of ${JSON.stringify(ROUND)}) platformEvents.on(name, () => heard.push(name));
      await round();
      for (let count = 0; count < 3; count++) rtworkq.startup().release();
      while (heard.length < 12) await once(platformEvents, 'shutdownComplete');`);
    expect(heard).toEqual([...ROUND, ...ROUND, ...ROUND, ...ROUND]);
  });

  test('tells of the end to a thread that was busy and has nothing else to do', async () => {
    const heard = await hear(`
      platformEvents.on('shutdownComplete', () => heard.push('complete'));
      const complete = once(platformEvents, 'shutdownComplete');
      const items = [rtworkq.putWorkItem(), rtworkq.scheduleWorkItem(1)];
      await items[0];
      for (const end = performance.now() + 100; performance.now() < end; );
      await items[1];
      await rtworkq.shutdown();
      await complete;`);
    expect(heard).toEqual(['complete']);
  });

  test('tells in no async context of whoever called first', async () => {
    const heard = await hear(`
      const storage = new (require('node:async_hooks').AsyncLocalStorage)();
      await storage.run('first', () => rtworkq.putWorkItem());
      await rtworkq.shutdown();
      platformEvents.once('initializationComplete', () => heard.push(storage.getStore() ?? null));
      await rtworkq.putWorkItem();
      while (heard.length < 1) await new Promise(setImmediate);`);
    expect(heard).toEqual([null]);
  });

  test('the same through diagnostics_channel', async () => {
    const heard = await hear(`
      for (const name of ['initialization-complete', 'shutdown-start', 'shutdown-complete']) {
        channel('rtworkq:' + name).subscribe((message) => heard.push(message));
      }
      await rtworkq.putWorkItem();
      await rtworkq.shutdown();
      while (heard.length < 3) await new Promise(setImmediate);`);
    expect(heard).toEqual(ROUND.map((name) => ({ name })));
  });
});
