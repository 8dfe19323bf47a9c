// The tables of docs/bundlers.md, generated from what is tested here.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUNDLERS } from './bundlers.mjs';
import { INSTALLERS } from './installers.mjs';
import { PACKERS } from './packers.mjs';

const { dependencies } = JSON.parse(readFileSync(join(import.meta.dirname, 'package.json'), 'utf8'));
const versionOf = (name) => dependencies[name] ?? '';

const FORMATS = { cjs: 'CommonJS', esm: 'ES module' };

const table = (head, rows) => [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const TABLES = {
  bundlers: () =>
    table(
      ['Bundler', 'Version', 'Formats', 'To bundle `rtworkq`', 'Also for `rtworkq/win32-x64`'],
      BUNDLERS.map((each) => [
        each.name,
        versionOf(each.package),
        (each.formats ?? ['cjs', 'esm']).map((format) => FORMATS[format]).join(', '),
        each.line,
        each.named ?? 'not supported: put `prebuilds/` beside the bundle',
      ]),
    ),
  packers: () =>
    table(
      ['Shipped as', 'What to do', 'Tried'],
      PACKERS.map((each) => [each.name, each.line, each.tried]),
    ),
  installers: () =>
    table(
      ['Installer', 'Version', 'What to do'],
      INSTALLERS.map((each) => [each.name, versionOf(each.package), each.line]),
    ),
};

/** Returns the page with up-to-date tables. */
export function withTables(page) {
  return Object.entries(TABLES).reduce(
    (text, [name, make]) =>
      text.replace(new RegExp(`(<!-- ${name} -->\n).*?(<!-- end of ${name} -->)`, 's'), (_, start, end) => `${start}${make()}\n${end}`),
    page,
  );
}
