// How the tests in the Windows Node treat an undocumented answer from Windows (test/support/answers.ts). The host's own Node does
// not run under Wine, so these tests take the branch that otherwise only real Windows takes.

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

const testOffWine = underWine ? test.skip : test;

testOffWine('a known or possible answer from Windows passes and is reported, any other fails', () => {
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

testOffWine("Windows' answer is reported on one line, once", () => {
  for (let count = 0; count < 3; count++)
    reportAnswer('text', { text: 'first\nsecond', list: Array.from({ length: 50 }, (_, index) => index) });
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^Windows answers: text: \{.*\}$/);
  expect(readFileSync(summary, 'utf8')).toBe(`- ${lines[0]}\n`);
});

test('an RtwqError counts as an answer from Windows, any other error does not', async () => {
  const refuse = (): never => {
    throw new RtwqError(0x80004005, 'RtwqSetDeadline');
  };
  expect(await answerOf(refuse)).toBe('refused by RtwqSetDeadline: E_FAIL');
  expect(await answerOf(async () => refuse())).toEqual(REFUSED);
  expect(await answerOf(() => 5)).toBe(5);
  await expect(answerOf(() => Promise.reject(new TypeError('other')))).rejects.toThrow('other');
});

test('a measurement is repeated until the machine is calm', async () => {
  let attempts = 0;
  await untilCalm('three attempts', async () => ++attempts === 3);
  expect(attempts).toBe(3);
});
