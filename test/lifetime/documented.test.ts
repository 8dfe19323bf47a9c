// The programs in the documentation run as they are, end by themselves, and print what their comments promise.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runFixture, runNode } from '../support/child';
import { documentedPrograms, documentedTests } from '../support/examples';
import { makeFolder, removeFolder } from '../support/folders';
import { root } from '../support/host';
import { hasMmcss } from '../support/mmcss';

interface Report {
  program: string;
  codes: unknown[];
  errors: string[];
  printed: string[];
}

// Node 22 does not support `using`.
const knowsUsing = 'asyncDispose' in Symbol && Number(process.versions.node.split('.')[0]) >= 24;
const runs = documentedPrograms.filter(({ code }) => knowsUsing || !/^\s*(?:await )?using /m.test(code));
const nameOf = (place: string): string => `${place.replaceAll(/\W/g, '-')}.mjs`;
/** Whether the machine lacks what the program shows: MMCSS, or a function of RTWorkQ.dll. */
const isExcused = (code: string, { codes }: Report): boolean =>
  codes.length > 0 && (codes.every((each) => each === 'E_NOTIMPL') || (!hasMmcss && /mmcss|lockShared/i.test(code)));

/** The output that comments after console.log() promise: the first word of each, because an explanation may follow. */
const promised = (code: string): string[] => [...code.matchAll(/console\.log\(.*; \/\/ ([^\s:,]+)/g)].map(([, word = '']) => word);

let folder: string;
const reports = new Map<string, Report>();

beforeAll(async () => {
  // Inside the repository, so that the programs, and Workers that use the current folder, find the package by its name.
  folder = makeFolder('documented', join(root, 'build'));
  const files = runs.map(({ place, code }) => {
    const file = join(folder, nameOf(place));
    writeFileSync(file, code);
    return file;
  });
  const ended = await runFixture('documented', { args: files, cwd: folder });
  for (const line of ended.stdout.trim().split(/\r?\n/)) {
    const report = JSON.parse(line) as Report;
    reports.set(report.program, report);
  }
  expect(ended).toMatchObject({ code: 0, signal: null, stderr: '' });
});

afterAll(() => removeFolder(folder));

test.each(runs)('the program in $place runs and prints what it promises', ({ place, code }) => {
  const report = reports.get(join(folder, nameOf(place)));
  if (report && isExcused(code, report)) return;
  expect(report).toMatchObject({ errors: [] });
  expect(promised(code).filter((word) => !report?.printed.some((line) => line.includes(word)))).toEqual([]);
});

test.each(documentedTests)('the tests in $place pass', async ({ place, code }) => {
  const file = join(folder, nameOf(place));
  writeFileSync(file, code);
  const ended = await runNode([file], { cwd: folder });
  expect(ended).toMatchObject({ code: 0, signal: null, stderr: '' });
  // The reporter's summary, with a mark or a hash in front.
  expect(ended.stdout).toMatch(/^. pass [1-9]\d*\r?$/m);
  expect(ended.stdout).toMatch(/^. skipped 0\r?$/m);
});
