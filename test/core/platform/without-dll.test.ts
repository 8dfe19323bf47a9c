// What works without RTWorkQ.dll. A program in a child process makes its load fail.

import { beforeAll, describe, expect, test } from '@jest/globals';
import { runFixture } from '../../support/child';

describe('without RTWorkQ.dll', () => {
  let seen: Record<string, unknown>;

  beforeAll(async () => {
    const { code, last, stderr } = await runFixture('without-dll');
    if (code !== 0 || stderr !== '') throw new Error(`${code} ${last} ${stderr}`);
    seen = JSON.parse(last);
  });

  test('supportStatus() says that waits work, and why the rest does not', () => {
    expect(seen['status']).toEqual({ supported: false, waits: true, code: 'ERR_RTWORKQ_UNAVAILABLE' });
    expect([seen['reason'], seen['supported']]).toEqual([true, false]);
  });

  test("RTWorkQ's functions throw", () => {
    const codes = Object.entries(seen['codes'] as Record<string, string>);
    expect(codes.length).toBeGreaterThan(15);
    expect(codes.filter(([, code]) => code !== 'ERR_RTWORKQ_UNAVAILABLE')).toEqual([]);
  });

  test('handles, waits, signals and kept periods work', () => {
    expect(seen['handles']).toEqual(['signaled', 1, 'signaled', null, 'timeout', 5, false]);
  });

  test('timers work, and are not early', () => {
    expect(seen['timers']).toEqual([true, 5]);
  });

  test('shutdown() resolves, and ends waits', () => {
    expect([seen['shutdown()'], seen['the wait'], seen['pending']]).toEqual(['done', 'RTWQ_E_SHUTDOWN', 0]);
  });

  test('the timer resolution can be requested', () => {
    expect(seen['timer resolution']).toBe('function');
  });
});
