// What the tests in the Windows Node do with an answer of Windows that is not documented (test/support/answers.ts). Off Windows
// there is no Wine either, so this is the branch that only real Windows takes otherwise.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { RtwqError } from 'rtworkq';
import { answerOf, expectOneOf, REFUSED, reportAnswer, underWine, untilCalm } from '../support/answers';
import { makeFolder, removeFolder } from '../support/folders';

const lines: string[] = [];
let folder: string;
let summary: string;

beforeEach(() => {
  lines.length = 0;
  folder = makeFolder('answers');
  summary = join(folder, 'summary.md');
  jest.replaceProperty(process, 'env', { ...process.env, GITHUB_STEP_SUMMARY: summary });
  jest.spyOn(console, 'warn').mockImplementation((line: string) => void lines.push(line));
});

afterEach(() => {
  jest.restoreAllMocks();
  removeFolder(folder);
});

const onWindows = underWine ? test.skip : test;

onWindows('an answer that is known or possible passes and is reported, another one fails', () => {
  expectOneOf('how many', 1, 1, 2);
  expectOneOf('how many', 2, 1, 2);
  expectOneOf('which', [1, 'x'], [0], [expect.any(Number), 'x']);
  expect(() => expectOneOf('how many', 3, 1, 2)).toThrow('3');
  expect(() => expectOneOf('which', undefined, [0])).toThrow();
  expect(lines).toEqual([
    'Windows answers: how many: 1',
    'Windows answers: how many: 2',
    "Windows answers: which: [ 1, 'x' ]",
    'Windows answers: how many: 3',
    'Windows answers: which: undefined',
  ]);
});

onWindows('a report is one line, and comes once', () => {
  for (let count = 0; count < 3; count++)
    reportAnswer('text', { text: 'first\nsecond', list: Array.from({ length: 50 }, (_, index) => index) });
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^Windows answers: text: \{.*\}$/);
  expect(readFileSync(summary, 'utf8')).toBe(`- ${lines[0]}\n`);
});

test('a refusal is an answer, another error is not', async () => {
  const refuse = (): never => {
    throw new RtwqError(0x80004005, 'RtwqSetDeadline');
  };
  expect(await answerOf(refuse)).toBe('refused by RtwqSetDeadline: E_FAIL');
  expect(await answerOf(async () => refuse())).toEqual(REFUSED);
  expect(await answerOf(() => 5)).toBe(5);
  await expect(answerOf(() => Promise.reject(new TypeError('other')))).rejects.toThrow('other');
});

test('a measurement is repeated until it was calm', async () => {
  let attempts = 0;
  await untilCalm('three attempts', async () => ++attempts === 3);
  expect(attempts).toBe(3);
});
