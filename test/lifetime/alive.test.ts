// What keeps a process alive, and what does not.

import { expect, test } from '@jest/globals';
import { runCode, runNode } from '../support/child';

test('an import alone does not keep the process alive', async () => {
  expect(await runCode('')).toMatchObject({ code: 0, stdout: '', stderr: '' });
});

test('isSupported() and startup() do not keep the process alive', async () => {
  expect(await runCode('rtworkq.isSupported(); rtworkq.startup()')).toMatchObject({ code: 0, stderr: '' });
});

test('a pending work item keeps the process alive until it fires', async () => {
  const ended = await runCode(`
    const from = performance.now();
    rtworkq.scheduleWorkItem(400).then(() => console.log(performance.now() - from > 399));`);
  expect(ended).toMatchObject({ code: 0, last: 'true', stderr: '' });
});

test('a pending work item keeps the process alive even if nothing awaits it', async () => {
  const ended = await runCode(`
    const item = rtworkq.scheduleWorkItem(300);
    process.on('exit', () => console.log(item.state));`);
  expect(ended).toMatchObject({ code: 0, last: 'fired' });
});

test.each([
  ['unref()', 'rtworkq.scheduleWorkItem(3_600_000).unref()'],
  ['ref: false', 'rtworkq.scheduleWorkItem(3_600_000, { ref: false })'],
  ['ref: false on a put item', 'rtworkq.putWorkItem({ ref: false })'],
  ['unref() after ref()', 'rtworkq.scheduleWorkItem(3_600_000).ref().unref().unref()'],
  ['cancel()', 'rtworkq.scheduleWorkItem(3_600_000).cancel()'],
  ['shutdown()', 'rtworkq.scheduleWorkItem(3_600_000); rtworkq.shutdown()'],
])('%s lets the process end', async (_, code) => {
  expect(await runCode(code)).toMatchObject({ code: 0, stderr: '' });
});

test.each([
  ['ref() after unref()', 'const item = rtworkq.scheduleWorkItem(300).unref().ref();'],
  ['ref() after ref: false', 'const item = rtworkq.scheduleWorkItem(300, { ref: false }).ref();'],
  ["one of two items that is still ref'd", 'const item = rtworkq.scheduleWorkItem(300); rtworkq.scheduleWorkItem(3_600_000).unref();'],
])('%s keeps the process alive', async (_, code) => {
  const ended = await runCode(`${code} console.log(item.hasRef()); item.then(() => console.log('fired'));`);
  expect(ended).toMatchObject({ code: 0, last: 'fired', stdout: expect.stringMatching(/^true/) });
});

test('shutdown() keeps the process alive while it waits', async () => {
  const code = `
    const helper = require(process.env.RTWORKQ_TEST_HELPER);
    (async () => {
      await rtworkq.putWorkItem();
      helper.blockStandardQueue(300);
      rtworkq.putWorkItem().unref();
      await rtworkq.shutdown();
      console.log('down');
    })();`;
  expect(await runCode(code)).toMatchObject({ code: 0, last: 'down', stderr: '' });
});

test('an ES module can await a work item at its top level', async () => {
  const code = "import { scheduleWorkItem } from 'rtworkq'; console.log((await scheduleWorkItem(5)).status);";
  const ended = await runNode(['--input-type=module', '-e', code], { cwd: __dirname });
  expect(ended).toMatchObject({ code: 0, last: '0', stderr: '' });
});

test('import and require give the same functions', async () => {
  const code = `
    import { createRequire } from 'node:module';
    import * as imported from 'rtworkq';
    const required = createRequire(import.meta.url)('rtworkq');
    const names = Object.keys(required);
    console.log(names.length > 5 && names.every((name) => imported[name] === required[name]));`;
  const ended = await runNode(['--input-type=module', '-e', code], { cwd: __dirname });
  expect(ended).toMatchObject({ code: 0, last: 'true', stderr: '' });
});
