// Writes generated blocks into pages. A block stands between two comments: its name, and the end.

import { readFileSync, writeFileSync } from 'node:fs';

const END = '<!-- end -->';
const begin = (name) => `<!-- ${name}, written by node scripts/figures.mjs -->`;

/**
 * @param {string} file
 * @param {Record<string, string>} contents by the blocks' names
 */
export function fillIn(file, contents) {
  let page = readFileSync(file, 'utf8');
  for (const [name, content] of Object.entries(contents)) {
    const from = page.indexOf(begin(name));
    const to = page.indexOf(END, from);
    if (from < 0 || to < 0) throw new Error(`${file} has no block "${name}".`);
    page = `${page.slice(0, from + begin(name).length)}\n\n${content}\n\n${page.slice(to)}`;
  }
  writeFileSync(file, page);
}
