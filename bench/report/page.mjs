// The places of a page that figures are written into, each between two comments with its name and what writes it.

import { readFileSync, writeFileSync } from 'node:fs';

const END = '<!-- end -->';

/**
 * @param {string} file
 * @param {Record<string, string>} contents by name
 * @param {string} [by] what writes them
 */
export function fillIn(file, contents, by = 'npm run bench') {
  const begin = (name) => `<!-- ${name}, written by ${by} -->`;
  let page = readFileSync(file, 'utf8');
  for (const [name, content] of Object.entries(contents)) {
    const from = page.indexOf(begin(name));
    const to = page.indexOf(END, from);
    if (from < 0 || to < 0) throw new Error(`${file} has no place for "${name}".`);
    page = `${page.slice(0, from + begin(name).length)}\n\n${content}\n\n${page.slice(to)}`;
  }
  writeFileSync(file, page);
}
