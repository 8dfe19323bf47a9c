// Waits whose handles break, threads that end, mutexes, and the machine's sleep. In child processes, because some of this would harm
// the tests' own process.

import { beforeAll, describe, expect, test } from '@jest/globals';
import { runFixture } from '../../support/child';

async function run(name: string, ...args: string[]): Promise<Record<string, unknown>> {
  const { code, last, stderr } = await runFixture(name, { args });
  if (code !== 0 || stderr !== '') throw new Error(`${name}: ${code} ${last} ${stderr}`);
  return JSON.parse(last);
}

const CLOSED = 'E_HANDLE WaitForMultipleObjects';

describe('a handle that other code closes', () => {
  let seen: Record<string, unknown>;
  beforeAll(async () => {
    seen = await run('broken-waits');
  });

  test.each(['waitFor', 'waitFor with a timeout'])('fails its own %s, and no other on the same thread', (what) => {
    expect(seen[what]).toEqual([1, 'signaled', CLOSED, false, 'signaled']);
  });

  test('fails waitForAny() and waitForAll(), which give back what they took', () => {
    expect([seen['several: closed'], seen['several']]).toEqual([3, [CLOSED, CLOSED, CLOSED]]);
    expect(seen['several: given back']).toEqual(['signaled', 'signaled']);
  });

  test('threads that end while new waits begin lose no wait and no signal', () => {
    expect(seen['idle threads']).toEqual([0, true]);
  });

  test('threads start for many waits, and end afterwards', () => {
    expect([seen['more threads'], seen['threads end']]).toEqual([true, true]);
  });
});

describe('a mutex whose type Windows does not tell', () => {
  test('makes every wait reject, and is free again', async () => {
    const seen = await run('unread-mutex');
    expect(Object.keys(seen)).toHaveLength(14);
    for (const [wait, outcome] of Object.entries(seen)) expect([wait, outcome]).toEqual([wait, ['ERROR_NOT_SUPPORTED', 'free']]);
  });
});

describe('after the machine has slept', () => {
  let seen: Record<string, unknown>;
  beforeAll(async () => {
    seen = await run('resume');
  });

  test('nothing that was due has fired before Windows tells of the resume', () => {
    const none = new Array(7).fill(false);
    expect([seen['asleep'], seen['before'], seen['listens']]).toEqual([none, none, true]);
  });

  test.each([
    ['setTimeout', 'fired'],
    ['sleepUntil', 'fired'],
    ['waitFor', 'timeout'],
    ['waitForAny', 'timeout'],
    ['waitForAll', 'timeout'],
    ['kept period', false],
  ])('%s fires at once', (what, outcome) => {
    expect(seen[what]).toBe(outcome);
  });

  test('an interval fires once, with the periods that it missed, and goes on', () => {
    expect([seen['missed'], seen['next']]).toEqual([true, true]);
  });
});
