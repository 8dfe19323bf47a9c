// The system calls that these functions make on several Windows versions, which are simulated: see test/native/process_settings.h.

import { beforeAll, describe, expect, test } from '@jest/globals';
import { runFixture } from '../../support/child';

type Seen = Record<string, { answer: unknown; asked: string[] }>;

async function under(version: number): Promise<Seen> {
  const ended = await runFixture('settings', { flags: ['--expose-gc', '--no-warnings'], args: [String(version)] });
  expect(ended).toMatchObject({ code: 0, signal: null, stderr: '' });
  return JSON.parse(ended.last);
}

const begin = (period: number): string => `timeBeginPeriod(${period})`;
const end = (period: number): string => `timeEndPeriod(${period})`;
const refused = (code: string, syscall: string, message: RegExp): unknown => ({
  code,
  syscall,
  message: expect.stringMatching(message),
  here: true,
});

describe('requestTimerResolution()', () => {
  let seen: Seen;
  beforeAll(async () => {
    seen = await under(11);
  });

  test.each([
    ['two leases', [begin(5), begin(1), end(5), end(1)]],
    ['the same resolution twice', [begin(2), begin(2), end(2), end(2)]],
    ['a lease whose milliseconds were overwritten', [begin(5), end(5)]],
    ['the coarsest resolution', [begin(1_000_000), end(1_000_000)]],
  ])('calls timeBeginPeriod and timeEndPeriod once per lease: %s', (name, asked) => {
    expect(seen[name]).toEqual({ answer: 'done', asked });
  });

  test('stays in force through shutdown()', () => {
    expect(seen['shutdown()']).toEqual({ answer: [begin(6)], asked: [end(6)] });
  });

  test('stays in force if the lease is garbage-collected', () => {
    expect(seen['a lease that is dropped']).toEqual({ answer: 'done', asked: [begin(9)] });
  });

  test.each(['ends', 'exits', 'is terminated'])('ends the requests of a Worker that %s', (how) => {
    const asked = [begin(3), begin(4), end(4), begin(3), begin(13), end(3), end(3)];
    expect(seen[`a Worker ${how}`]).toEqual({ answer: 'E_INVALIDARG', asked });
  });

  test('throws with the supported range, without asking Windows, if the value is out of range', () => {
    const { answer, asked } = seen['too coarse']!;
    expect(answer).toMatchObject({ code: 'ERR_OUT_OF_RANGE', message: expect.stringContaining('>= 1 and <= 1000000'), here: true });
    expect(asked).toEqual([]);
  });

  test('throws if Windows rejects the request, and does not call timeEndPeriod then', () => {
    expect(seen['a failed request']).toEqual({
      answer: refused('E_INVALIDARG', 'timeBeginPeriod', /^timeBeginPeriod failed/),
      asked: [begin(13)],
    });
  });

  test('warns if timeEndPeriod fails, and does not try again', () => {
    expect(seen['a failed end']).toEqual({
      answer: { code: 'E_INVALIDARG', syscall: 'timeEndPeriod' },
      asked: [begin(14), end(14)],
    });
  });
});

describe('setPowerThrottling()', () => {
  const state = (control: number, masked: number): string[] => [`SetProcessInformation(${control}, ${masked})`];
  const onlyNewer = (code: string): unknown =>
    refused(code, 'SetProcessInformation', /timerResolution requires Windows 11; executionSpeed requires Windows 10, version 1709\.$/);
  const ALL = [
    '{"timerResolution":false}',
    '{"executionSpeed":true}',
    '{"timerResolution":"system"}',
    '{"timerResolution":true,"executionSpeed":false}',
    '{}',
    '{"timerResolution":"system","executionSpeed":"system"}',
  ] as const;
  const table = (seen: Seen): unknown[] => ALL.map((options) => seen[options]);

  test('on Windows 11, options that are left out keep their value, even if other code has set it', async () => {
    expect(table(await under(11))).toEqual(
      [state(5, 0), state(5, 1), state(1, 1), state(5, 4), state(5, 4), state(0, 0)].map((asked) => ({ answer: 'done', asked })),
    );
  });

  test('on Windows 10, timerResolution fails and changes nothing, and executionSpeed is remembered', async () => {
    const answer = onlyNewer('E_INVALIDARG');
    expect(table(await under(10))).toEqual([
      { answer, asked: state(4, 0) },
      { answer: 'done', asked: state(1, 1) },
      { answer: 'done', asked: state(1, 1) },
      { answer, asked: state(5, 4) },
      { answer: 'done', asked: state(1, 1) },
      { answer: 'done', asked: state(0, 0) },
    ]);
  });

  test('on older Windows, the error names the versions that are needed', async () => {
    const answer = onlyNewer('ERROR_PROC_NOT_FOUND');
    expect(table(await under(7))).toEqual(ALL.map(() => ({ answer, asked: [] })));
  });
});
