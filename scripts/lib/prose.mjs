// The linter of sentences: finds wording that reads like a translation, in pages, comments, messages and names of tests.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesBelow, inRepository, root } from './paths.mjs';

/** What is not to be written, and what to write instead. */
const PHRASES = [
  [/\bfor ever\b/, 'forever'],
  [/\b(?:who|whom|what|where)ever\b/, 'name the subject, the thing or the condition'],
  [/\b(?:some|no|any)body\b/, 'name who it is: the caller, another thread, no code'],
  [/\bbut for\b/, 'except for'],
  [/\bthat is all\b/, 'leave it out'],
  [/\b(?:is|are|was|were|be) (?:told|refused)\b/, 'throws, rejects, reports, or who tells'],
  [/\b(?:heard|told) of\b/, 'reported, noticed, or an active verb'],
  [/\b(?:goes|went) by\b/, 'follows, uses'],
  [/\bcomes? to (?:it|them|its|their)\b/, 'reaches, runs'],
  [/\bsays? so\b/, 'say what it says'],
  [/\b(?:of|by) which\b/, 'start a new sentence, or use "whose"'],
  [/\bwhat (?:is|are|was) no\b/, 'non-..., or anything that is not a ...'],
  [/\b(?:is|are) none of\b/, 'is not one of'],
  [/\b(?:let|lets|letting) go of\b/, 'release'],
  [/\b(?:has|have) no say\b/, 'is never consulted'],
  [/\bbe had\b/, 'available'],
  [/\ball else\b/, 'everything else'],
  [/\bbecomes? of\b/, 'happens to'],
  [/\bin place of\b/, 'instead of'],
  [/\bin (?:that|the) moment in which\b|\bthe moment in which\b/, 'when, while'],
  [/\b(?:has|have) to have\b/, 'needs, must have'],
  [/\bwhere (?:there (?:is|are)|nothing|that (?:is|was|fails|happened))\b/, '"if" for a condition'],
  [/\bnot in common\b/, 'what differs'],
].map(([pattern, instead]) => ({ pattern: new RegExp(pattern, 'gi'), instead }));

const TEXTS = /\.(?:md|ts|mts|cts|mjs|cjs|js|cc|h|gypi?|ya?ml|sh|html)$/;
// filesBelow() leaves out build/ and node_modules/.
const NOT_OURS = /^(?:\.git|dist)\//;
const THIS = 'scripts/lib/prose.mjs';

/** What a line of a comment or a quotation begins with. */
const LINE_START = /^\s*(?:\/\/+|\/\*+|\*+|#+|>)?\s*/;

/**
 * The phrases in a text, with the numbers of their lines. A phrase may go over the end of a line, in comments too.
 * @param {string} text
 * @returns {{ line: number, phrase: string, instead: string }[]}
 */
export function findPhrases(text) {
  const starts = [];
  let flat = '';
  for (const line of text.split('\n')) {
    starts.push(flat.length);
    flat += `${line.replace(LINE_START, '').trimEnd()} `;
  }
  const lineOf = (index) => starts.findLastIndex((start) => start <= index) + 1;
  const found = PHRASES.flatMap(({ pattern, instead }) =>
    [...flat.matchAll(pattern)].map(({ 0: phrase, index }) => ({ line: lineOf(index), phrase, instead })),
  );
  return found.sort((one, other) => one.line - other.line);
}

/** @returns {string[]} a complaint for each phrase in the repository's texts */
export function proseComplaints() {
  return filesBelow(root)
    .map(inRepository)
    .filter((file) => TEXTS.test(file) && !NOT_OURS.test(file) && file !== THIS)
    .flatMap((file) =>
      findPhrases(readFileSync(join(root, file), 'utf8')).map(({ line, phrase, instead }) => `${file}:${line}: "${phrase}": ${instead}`),
    );
}
