// Rejections that no code handles.

import { expect, test } from '@jest/globals';
import { runCode } from '../support/child';

test.each([
  ['cancel()', 'rtworkq.scheduleWorkItem(3_600_000).cancel()'],
  ['cancelWorkItem(key)', 'rtworkq.cancelWorkItem(rtworkq.scheduleWorkItem(3_600_000).key)'],
  ['an abort', 'const c = new AbortController(); rtworkq.scheduleWorkItem(3_600_000, { signal: c.signal }); c.abort()'],
  ['an already aborted signal', 'rtworkq.scheduleWorkItem(3_600_000, { signal: AbortSignal.abort() })'],
  ['shutdown()', 'rtworkq.scheduleWorkItem(3_600_000); rtworkq.shutdown()'],
])('a work item that is not awaited causes no unhandled rejection when it ends by %s', async (_, code) => {
  const ended = await runCode(`${code}; setTimeout(() => console.log('alive'), 50);`);
  expect(ended).toMatchObject({ code: 0, last: 'alive', stderr: '' });
});

test('a program can end its loops with shutdown(), without errors', async () => {
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

test('a `completed` promise that was read and not handled causes an unhandled rejection, as any promise does', async () => {
  const ended = await runCode(`
    const item = rtworkq.scheduleWorkItem(3_600_000);
    item.completed;
    item.cancel();
    setTimeout(() => console.log('alive'), 50);`);
  expect(ended.code).toBe(1);
  expect(ended.stdout).toBe('');
  expect(ended.stderr).toContain('AbortError: The operation was aborted');
});

test('an exception in a then() callback is an unhandled rejection, and does not affect other work items', async () => {
  const ended = await runCode(`
    process.on('unhandledRejection', (error) => console.log('unhandled', error.message));
    rtworkq.putWorkItem().then(() => { throw new Error('mine'); });
    rtworkq.scheduleWorkItem(20).then(() => console.log('others go on'));`);
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  // Nothing orders the two items' callbacks.
  expect(ended.stdout.trim().split(/\r?\n/).sort()).toEqual(['others go on', 'unhandled mine']);
});

test('shutdown() settles every work item even if a foreign signal throws', async () => {
  const ended = await runCode(`
    const signal = { aborted: false, addEventListener() {}, removeEventListener() { throw new Error('broken signal'); } };
    process.on('uncaughtException', (error) => console.log('uncaught', error.message));
    const items = [rtworkq.scheduleWorkItem(3_600_000), rtworkq.scheduleWorkItem(3_600_000, { signal }), rtworkq.scheduleWorkItem(3_600_000)];
    rtworkq.shutdown().then(() => setImmediate(() => console.log(items.map(({ state }) => state).join())));`);
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  expect(ended.stdout.split(/\r?\n/)).toEqual(expect.arrayContaining(['uncaught broken signal', 'closed,closed,closed']));
});

test('a foreign signal whose addEventListener() throws leaves no work item pending', async () => {
  const ended = await runCode(`
    const signal = { aborted: false, addEventListener() { throw new Error('broken signal'); }, removeEventListener() {} };
    try { rtworkq.scheduleWorkItem(3_600_000, { signal }); } catch (error) { console.log(error.message); }`);
  expect(ended).toMatchObject({ code: 0, last: 'broken signal', stderr: '' });
});

test('other work items still settle if a foreign signal throws', async () => {
  const ended = await runCode(`
    const signal = { aborted: false, addEventListener() {}, removeEventListener() { throw new Error('broken signal'); } };
    process.on('uncaughtException', (error) => console.log('uncaught', error.message));
    const items = [rtworkq.scheduleWorkItem(1), rtworkq.scheduleWorkItem(1, { signal }), rtworkq.scheduleWorkItem(1)];
    for (const end = performance.now() + 50; performance.now() < end; );
    Promise.all(items).then((results) => setImmediate(() => console.log('settled', results.length)));`);
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  expect(ended.stdout.split(/\r?\n/)).toEqual(expect.arrayContaining(['uncaught broken signal', 'settled 3']));
});
