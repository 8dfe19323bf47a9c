// Waits if Windows cannot create a thread. A program in a child process makes it fail.

import { beforeAll, describe, expect, test } from '@jest/globals';
import { runFixture } from '../../support/child';

describe('if no thread can be created', () => {
  let seen: Record<string, unknown>;

  beforeAll(async () => {
    const { code, last, stderr } = await runFixture('wait-faults');
    if (code !== 0 || stderr !== '') throw new Error(`${code} ${last} ${stderr}`);
    seen = JSON.parse(last);
  });

  test.each([
    'waitFor',
    'waitFor with a timeout',
    'wait()',
    'waitForAny',
    'waitForAll',
    'waitForAll with a timeout',
    'waitForProcessExit',
    'signals().next()',
  ])('%s rejects', (what) => {
    expect(seen[what]).toEqual({ code: 'E_OUTOFMEMORY', syscall: '_beginthreadex', caller: true });
  });

  test('nothing stays pending, and no signal is taken', () => {
    expect([seen['pending'], seen['timeout: 0']]).toEqual([0, ['signaled', 'timeout', 'timeout']]);
  });

  test('timeout: 0 starts no thread, and waits work as soon as there are threads again', () => {
    expect([seen['threads'], seen['afterwards']]).toEqual([0, 'signaled']);
  });

  test.each([
    ['thread', '_beginthreadex', 'E_OUTOFMEMORY'],
    ['CreateEventExW', 'CreateEventExW', 'HRESULT_0x80070008'],
    ['CreateWaitableTimerExW', 'CreateWaitableTimerExW', 'HRESULT_0x80070008'],
    ['DuplicateHandle', 'WaitForMultipleObjects', 'HRESULT_0x80070008'],
  ])('acquire() rejects without %s, and works afterwards', (fault, syscall, code) => {
    expect(seen[`acquire() without ${fault}`]).toEqual({
      failed: { code, syscall, caller: true },
      pending: 0,
      inBetween: 'free',
      afterwards: [false, 'owned'],
    });
  });

  test('an abandoned mutex stays abandoned although the thread that should take over cannot be created', () => {
    expect(seen['hand over']).toEqual(['thrown on purpose', 'E_OUTOFMEMORY', true, 1]);
  });

  test('a wait for 101 handles, which needs a second one, rejects and loses no signal', () => {
    const [lost, failed, pending] = seen['one thread'] as [number, boolean, number];
    expect({ lost, failed, pending }).toEqual({ lost: 0, failed: true, pending: 0 });
  });

  test('waitForAll() with a timeout, which needs a second one, rejects and takes nothing', () => {
    expect(seen['the timeout']).toEqual({ code: 'E_OUTOFMEMORY', syscall: '_beginthreadex', caller: true });
    expect(seen['together']).toBe('signaled');
  });

  test("all waits of a thread share one listener of 'exit'", () => {
    expect(seen['listeners']).toBe(1);
  });
});
