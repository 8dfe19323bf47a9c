import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { afterAll, describe, expect, test } from '@jest/globals';
import { ProcessHandle, RtwqError, shutdown, WaitableEvent, waitFor, waitForProcessExit } from 'rtworkq';
import { answerOf, expectOneOf } from '../../support/answers';
import { runCode } from '../../support/child';
import { failureOf } from '../../support/errors';
import { uniqueName } from '../../support/name';
import { LIMIT, spinUntil } from '../../support/time';

afterAll(() => shutdown());

const start = (code: string): ChildProcess => spawn(process.execPath, ['-e', code], { stdio: ['pipe', 'ignore', 'ignore'] });

/** A child that runs until its standard input ends. */
const startIdle = (): ChildProcess => start('process.stdin.resume()');

describe('waitForProcessExit', () => {
  test.each([0, 1, 77, 255, 0xc0000005, 0xffffffff])('resolves with the exit code %d', async (code) => {
    const child = start(`process.exit(${code | 0})`);
    expect(await waitForProcessExit(child.pid!)).toBe(code);
  });

  test('resolves with the exit code of a terminated process', async () => {
    const child = startIdle();
    const exit = waitForProcessExit(child.pid!);
    process.kill(child.pid!);
    expect(await exit).toBe(1);
  });

  test('resolves with the exit code of a process that has ended, while Node still holds its handle', async () => {
    const child = start('process.exit(77)');
    // Node does not notice the end while JavaScript is busy.
    using handle = ProcessHandle.open(child.pid!);
    spinUntil(() => handle.exitCode !== undefined);
    const codes = [waitForProcessExit(child.pid!), waitForProcessExit(child.pid!)];
    expect(await Promise.all(codes)).toEqual([77, 77]);
    expect(handle.exitCode).toBe(77);
    expect(await waitFor(handle, { timeout: 0 })).toBe('signaled');
  });

  test('rejects when its AbortSignal aborts, and leaves the process running', async () => {
    const child = startIdle();
    const reason = new Error('no longer');
    await expect(waitForProcessExit(child.pid!, { signal: AbortSignal.abort(reason) })).rejects.toMatchObject({
      code: 'ABORT_ERR',
      cause: reason,
    });
    const controller = new AbortController();
    const exit = waitForProcessExit(child.pid!, { signal: controller.signal });
    controller.abort(reason);
    await expect(exit).rejects.toMatchObject({ name: 'AbortError', code: 'ABORT_ERR', cause: reason });
    expect(child.exitCode).toBeNull();
    child.stdin?.end();
    expect(await waitForProcessExit(child.pid!)).toBe(0);
  });

  test('times out', async () => {
    const child = startIdle();
    expect(await waitForProcessExit(child.pid!, { timeout: 0 })).toBe('timeout');
    expect(await waitForProcessExit(child.pid!, { timeout: 5 })).toBe('timeout');
    const exit = waitForProcessExit(child.pid!, { timeout: LIMIT });
    child.stdin?.end();
    expect(await exit).toBe(0);
  });

  test('waits for many processes at once', async () => {
    const children = Array.from({ length: 5 }, (_, code) => start(`process.exit(${code})`));
    expect(await Promise.all(children.map((child) => waitForProcessExit(child.pid!)))).toEqual([0, 1, 2, 3, 4]);
  });

  test('with ref: false lets this process end', async () => {
    // The child ends when this process has ended.
    const code = `
      const child = require('node:child_process').spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] });
      child.unref();
      child.stdin.unref();
      rtworkq.waitForProcessExit(child.pid, { ref: false }).then(console.log);`;
    expect(await runCode(code)).toMatchObject({ code: 0, last: '', stderr: '' });
  });

  test('keeps this process alive', async () => {
    const code = `
      const child = require('node:child_process').spawn(process.execPath, ['-e', 'setTimeout(() => {}, 500)'], { stdio: 'ignore' });
      child.unref();
      rtworkq.waitForProcessExit(child.pid).then(console.log);`;
    expect(await runCode(code)).toMatchObject({ code: 0, last: '0', stderr: '' });
  });
});

describe('opening a process', () => {
  test('fails for an unused id, with a message that says that there is no such process', async () => {
    const error = await failureOf(() => waitForProcessExit(0x7ffffffc));
    expect(error).toBeInstanceOf(RtwqError);
    expect(error).toMatchObject({ code: 'E_INVALIDARG', syscall: 'OpenProcess' });
    expect(error.message).toContain('There is no process with this id.');
    expect(String(error.stack).split('\n')[1]).toContain('process.test');
  });

  test('fails for id 0, the idle process', async () => {
    await expect(waitForProcessExit(0)).rejects.toMatchObject({ name: 'RtwqError', code: 'E_INVALIDARG', syscall: 'OpenProcess' });
  });

  test('fails for id 4, the system process, unless an administrator opens it', async () => {
    const answer = await answerOf(async () => {
      using handle = ProcessHandle.open(4);
      return [handle.exitCode, await waitFor(handle, { timeout: 1 })];
    });
    const refused = expect.stringMatching(/^refused by OpenProcess: E_(ACCESSDENIED|INVALIDARG)$/);
    expectOneOf('the process with the id 4', answer, refused, [undefined, 'timeout']);
  });

  test.each([1, 2, 3])('fails for our own id + %d, although Windows ignores the lowest bits', async (more) => {
    await expect(waitForProcessExit(process.pid + more)).rejects.toMatchObject({ code: 'E_INVALIDARG', syscall: 'OpenProcess' });
    expect(() => ProcessHandle.open(process.pid + more)).toThrow(expect.objectContaining({ code: 'E_INVALIDARG' }));
  });
});

describe('ProcessHandle', () => {
  test('has no exit code while the process runs', async () => {
    const child = startIdle();
    using handle = ProcessHandle.open(child.pid!);
    expect(handle.pid).toBe(child.pid);
    expect(handle.exitCode).toBeUndefined();
    expect(await waitFor(handle, { timeout: 0 })).toBe('timeout');
    child.stdin?.end();
    expect(await waitFor(handle)).toBe('signaled');
    expect(handle.exitCode).toBe(0);
    // It stays signaled.
    expect(await waitFor(handle)).toBe('signaled');
  });

  test('distinguishes a process that ended with 259 from one that is running', async () => {
    // STILL_ACTIVE, which GetExitCodeProcess returns for running processes.
    const child = start('process.exit(259)');
    using handle = ProcessHandle.open(child.pid!);
    await waitFor(handle);
    expect(handle.exitCode).toBe(259);
  });

  test('has a time of creation, the same through each handle, and later for a child', () => {
    const child = startIdle();
    using handle = ProcessHandle.open(child.pid!);
    using again = ProcessHandle.open(child.pid!);
    using own = ProcessHandle.open(process.pid);
    expect(again.createdAt).toEqual(handle.createdAt);
    expect(handle.createdAt.getTime()).toBeGreaterThan(own.createdAt.getTime());
    expect(own.createdAt.getTime()).toBeGreaterThan(Date.now() - 86_400_000);
    expect(handle.createdAt.getTime()).toBeLessThanOrEqual(Date.now());
    handle.terminate();
    expect(handle.createdAt).toEqual(again.createdAt);
    handle.close();
    expect(() => handle.createdAt).toThrow(expect.objectContaining({ code: 'E_HANDLE', syscall: 'GetProcessTimes' }));
  });

  test.each([
    ['1, if there is none', [], 1],
    ['0', [0], 0],
    ['2 ** 32 - 1', [2 ** 32 - 1], 2 ** 32 - 1],
  ] as [string, number[], number][])('terminate() ends the process with the exit code: %s', async (_, given, code) => {
    using handle = ProcessHandle.open(startIdle().pid!);
    expect(handle.terminate(...given)).toBe(true);
    expect(await waitFor(handle)).toBe('signaled');
    expect([handle.exitCode, handle.terminate(5), handle.exitCode]).toEqual([code, false, code]);
  });

  test('terminate() fails for invalid exit codes and closed handles, and leaves the process running', async () => {
    const child = startIdle();
    using handle = ProcessHandle.open(child.pid!);
    const rows: [unknown, string][] = [
      [-1, 'ERR_OUT_OF_RANGE'],
      [2 ** 32, 'ERR_OUT_OF_RANGE'],
      [0.5, 'ERR_OUT_OF_RANGE'],
      ['1', 'ERR_INVALID_ARG_TYPE'],
      [null, 'ERR_INVALID_ARG_TYPE'],
    ];
    for (const [code, error] of rows) expect(() => handle.terminate(code as number)).toThrow(expect.objectContaining({ code: error }));
    expect(await waitFor(handle, { timeout: 0 })).toBe('timeout');
    handle.close();
    expect(() => handle.terminate()).toThrow(expect.objectContaining({ code: 'E_HANDLE', syscall: 'TerminateProcess' }));
    expect(child.kill()).toBe(true);
  });

  test('can be opened for the current process', async () => {
    using handle = ProcessHandle.open(process.pid);
    expect(handle.exitCode).toBeUndefined();
    expect(await waitFor(handle, { timeout: 1 })).toBe('timeout');
  });
});

describe('a named event', () => {
  test('set by another process wakes this one', async () => {
    const name = uniqueName();
    using event = WaitableEvent.create({ name });
    const wait = waitFor(event, { timeout: LIMIT });
    const ended = await runCode(`rtworkq.WaitableEvent.open(${JSON.stringify(name)}).set()`);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(await wait).toBe('signaled');
  });

  test('set here wakes another process', async () => {
    const [ready, go] = [uniqueName(), uniqueName()];
    using theirs = WaitableEvent.create({ name: ready });
    using ours = WaitableEvent.create({ name: go });
    const running = runCode(`
      const [ready, go] = ${JSON.stringify([ready, go])}.map((name) => rtworkq.WaitableEvent.open(name));
      rtworkq.waitFor(go, { timeout: 3_600_000 }).then(console.log);
      ready.set();`);
    expect(await waitFor(theirs, { timeout: LIMIT })).toBe('signaled');
    ours.set();
    expect(await running).toMatchObject({ code: 0, last: 'signaled', stderr: '' });
  });

  test('is shared with a Worker, in both directions', async () => {
    const [question, answer] = [uniqueName(), uniqueName()];
    using asked = WaitableEvent.create({ name: question });
    using answered = WaitableEvent.create({ name: answer });
    const code = `
      const { WaitableEvent, waitFor } = require(${JSON.stringify(require.resolve('rtworkq'))});
      const { workerData } = require('node:worker_threads');
      const [asked, answered] = workerData.map((name) => WaitableEvent.open(name));
      waitFor(asked).then(() => answered.set());`;
    const worker = new Worker(code, { eval: true, workerData: [question, answer] });
    const exit = once(worker, 'exit');
    asked.set();
    expect(await waitFor(answered, { timeout: LIMIT })).toBe('signaled');
    expect(await exit).toEqual([0]);
  });
});
