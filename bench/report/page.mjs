// The places of docs/performance.md that a run fills in, each between two comments with its name.

import { readFileSync, writeFileSync } from 'node:fs';

const begin = (name) => `<!-- ${name}, written by npm run bench -->`;
const END = '<!-- end -->';

/**
 * @param {string} file
 * @param {Record<string, string>} contents by name
 */
export function fillIn(file, contents) {
  let page = readFileSync(file, 'utf8');
  for (const [name, content] of Object.entries(contents)) {
    const from = page.indexOf(begin(name));
    const to = page.indexOf(END, from);
    if (from < 0 || to < 0) throw new Error(`${file} has no place for "${name}".`);
    page = `${page.slice(0, from + begin(name).length)}\n\n${content}\n\n${page.slice(to)}`;
  }
  writeFileSync(file, page);
}
