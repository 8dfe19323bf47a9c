// The examples of the documentation: the programs in README.md and docs/, and what stands in the comments of lib/.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './host';

export interface Example {
  /** Its file, and the line of the fence above it. */
  place: string;
  language: 'js' | 'ts';
  code: string;
}

/** The fenced blocks that are `js` or `ts` and nothing more, such as `js addon`. */
const blocksOf = (file: string, text: string): Example[] =>
  [...text.matchAll(/^```(js|ts)\n(.*?)^```$/gms)].map(({ index, 1: language, 2: code = '' }) => ({
    place: `${file}:${text.slice(0, index).split('\n').length}`,
    language: language as Example['language'],
    code,
  }));

const readText = (file: string): string => readFileSync(join(root, file), 'utf8').replaceAll('\r\n', '\n');

const filesIn = (folder: string, pattern: RegExp): string[] =>
  readdirSync(join(root, folder), { encoding: 'utf8', recursive: true })
    .filter((name) => pattern.test(name))
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .sort();

/** A signature is no program; it imports nothing. */
export const documentedPrograms: Example[] = ['README.md', ...filesIn('docs', /\.md$/)]
  .flatMap((file) => blocksOf(file, readText(file)))
  .filter(({ code }) => /^import /m.test(code));

export const commentedExamples: Example[] = filesIn('lib', /\.m?ts$/).flatMap((file) =>
  blocksOf(file, readText(file).replaceAll(/^ *\* ?/gm, '')),
);
