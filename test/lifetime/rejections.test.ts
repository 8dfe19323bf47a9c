// Rejections that nobody looks at.

import { expect, test } from '@jest/globals';
import { runCode } from '../support/child';

test.each([
  ['cancel()', 'rtworkq.scheduleWorkItem(3_600_000).cancel()'],
  ['cancelWorkItem(key)', 'rtworkq.cancelWorkItem(rtworkq.scheduleWorkItem(3_600_000).key)'],
  ['a signal', 'const c = new AbortController(); rtworkq.scheduleWorkItem(3_600_000, { signal: c.signal }); c.abort()'],
  ['a signal that had aborted', 'rtworkq.scheduleWorkItem(3_600_000, { signal: AbortSignal.abort() })'],
  ['shutdown()', 'rtworkq.scheduleWorkItem(3_600_000); rtworkq.shutdown()'],
])('%s of an item that nobody awaits is no unhandled rejection', async (_, code) => {
  const ended = await runCode(`${code}; setTimeout(() => console.log('alive'), 50);`);
  expect(ended).toMatchObject({ code: 0, last: 'alive', stderr: '' });
});

test('a program that ends its loops by shutdown() ends quietly', async () => {
  const ended = await runCode(`
    const event = rtworkq.WaitableEvent.create();
    // What is started after shutdown() starts the platform again.
    let ending = false;
    const loops = [
      async () => { while (!ending) await rtworkq.scheduleWorkItem(5); },
      async () => { while (!ending) await rtworkq.waitFor(event, { timeout: 3_600_000 }); },
      async () => { for await (const _ of event); },
      async () => { for await (const _ of rtworkq.periodicBeat()); },
    ];
    const ignoreAborts = (error) => { if (error.name !== 'AbortError') throw error; };
    const running = loops.map((loop) => loop().catch(ignoreAborts));
    // As a handler of SIGINT would.
    setTimeout(() => { ending = true; rtworkq.shutdown(); }, 50);
    Promise.all(running).then(() => console.log('ended', running.length));`);
  expect(ended).toMatchObject({ code: 0, signal: null, last: 'ended 4', stderr: '' });
});

test('a promise that was asked for and dropped is one, as with any promise', async () => {
  const ended = await runCode(`
    const item = rtworkq.scheduleWorkItem(3_600_000);
    item.completed;
    item.cancel();
    setTimeout(() => console.log('alive'), 50);`);
  expect(ended.code).toBe(1);
  expect(ended.stdout).toBe('');
  expect(ended.stderr).toContain('AbortError: The operation was aborted');
});

test('an exception in a continuation is an unhandled rejection, and nothing more', async () => {
  const ended = await runCode(`
    process.on('unhandledRejection', (error) => console.log('unhandled', error.message));
    rtworkq.putWorkItem().then(() => { throw new Error('mine'); });
    rtworkq.scheduleWorkItem(20).then(() => console.log('others go on'));`);
  expect(ended).toMatchObject({ code: 0, last: 'others go on', stdout: expect.stringContaining('unhandled mine') });
});

test('a foreign signal that throws does not keep shutdown() from settling all', async () => {
  const ended = await runCode(`
    const signal = { aborted: false, addEventListener() {}, removeEventListener() { throw new Error('broken signal'); } };
    process.on('uncaughtException', (error) => console.log('uncaught', error.message));
    const items = [rtworkq.scheduleWorkItem(3_600_000), rtworkq.scheduleWorkItem(3_600_000, { signal }), rtworkq.scheduleWorkItem(3_600_000)];
    rtworkq.shutdown().then(() => setImmediate(() => console.log(items.map(({ state }) => state).join())));`);
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  expect(ended.stdout.split(/\r?\n/)).toEqual(expect.arrayContaining(['uncaught broken signal', 'closed,closed,closed']));
});

test('a foreign signal that cannot be listened to leaves nothing pending', async () => {
  const ended = await runCode(`
    const signal = { aborted: false, addEventListener() { throw new Error('broken signal'); }, removeEventListener() {} };
    try { rtworkq.scheduleWorkItem(3_600_000, { signal }); } catch (error) { console.log(error.message); }`);
  expect(ended).toMatchObject({ code: 0, last: 'broken signal', stderr: '' });
});

test('a foreign signal that throws does not keep others from settling', async () => {
  const ended = await runCode(`
    const signal = { aborted: false, addEventListener() {}, removeEventListener() { throw new Error('broken signal'); } };
    process.on('uncaughtException', (error) => console.log('uncaught', error.message));
    const items = [rtworkq.scheduleWorkItem(1), rtworkq.scheduleWorkItem(1, { signal }), rtworkq.scheduleWorkItem(1)];
    for (const end = performance.now() + 50; performance.now() < end; );
    Promise.all(items).then((results) => setImmediate(() => console.log('settled', results.length)));`);
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  expect(ended.stdout.split(/\r?\n/)).toEqual(expect.arrayContaining(['uncaught broken signal', 'settled 3']));
});
