import { channel } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { afterEach, describe, expect, test } from '@jest/globals';
import { platformEvents, putWorkItem, shutdown } from 'rtworkq';
import { implemented } from '../support/implemented';

afterEach(() => shutdown());

const supported = implemented(() => platformEvents.once('shutdownStart', () => {}));

test('other names are no business of the platform', () => {
  // biome-ignore lint/suspicious/noExplicitAny: a name that is not declared.
  const emitter = platformEvents as any;
  emitter.once('something else', () => {});
  expect(emitter.emit('something else')).toBe(true);
});

(supported ? describe : describe.skip)('platformEvents', () => {
  test('tells of starts and shutdowns, in order', async () => {
    await shutdown();
    const heard: string[] = [];
    const note = (name: string) => () => heard.push(name);
    for (const name of ['initializationComplete', 'shutdownStart', 'shutdownComplete'] as const) platformEvents.on(name, note(name));
    for (let round = 1; round <= 3; round++) {
      const complete = once(platformEvents, 'shutdownComplete');
      await putWorkItem();
      await shutdown();
      await complete;
      const all = Array.from({ length: round }, () => ['initializationComplete', 'shutdownStart', 'shutdownComplete']).flat();
      expect(heard).toEqual(all);
    }
    platformEvents.removeAllListeners('initializationComplete');
    platformEvents.removeAllListeners('shutdownStart');
    platformEvents.removeAllListeners('shutdownComplete');
  });

  test('the same through diagnostics_channel', async () => {
    const heard: unknown[] = [];
    const listener = (message: unknown): void => {
      heard.push(message);
    };
    const channels = ['initialization-complete', 'shutdown-start', 'shutdown-complete'].map((name) => channel(`rtworkq:${name}`));
    for (const each of channels) each.subscribe(listener);
    const complete = once(platformEvents, 'shutdownComplete');
    await putWorkItem();
    await shutdown();
    await complete;
    for (const each of channels) each.unsubscribe(listener);
    expect(heard).toEqual([{ name: 'initializationComplete' }, { name: 'shutdownStart' }, { name: 'shutdownComplete' }]);
  });
});
