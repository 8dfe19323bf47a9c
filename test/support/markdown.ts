// The pages of the repository: their links, headings, tables and blocks of code.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import markdownIt from 'markdown-it';
import { root } from './host';

const NOT_OURS = new Set(['node_modules', 'build', 'dist']);

/** The files of a folder that match, by their paths from the repository's root with `/`; what is installed or built is left out. */
export function filesBelow(folder: string, pattern: RegExp): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const path = folder ? `${folder}/${entry.name}` : entry.name;
      if (entry.isDirectory()) return NOT_OURS.has(entry.name) || entry.name.startsWith('.') ? [] : filesBelow(path, pattern);
      return pattern.test(entry.name) ? [path] : [];
    })
    .sort();
}

/** All pages. */
export const pages: string[] = filesBelow('', /\.md$/);

const parser = markdownIt();

type Token = ReturnType<typeof parser.parse>[number];

export const readText = (file: string): string => readFileSync(join(root, file), 'utf8').replaceAll('\r\n', '\n');

export const tokensOf = (file: string): Token[] => parser.parse(readText(file), {});

export interface Block {
  /** Its file, and the line of the fence above it. */
  place: string;
  /** What stands behind the fence: the language, and perhaps more. */
  info: string;
  code: string;
  /** The heading above it, as it is written. */
  heading: string;
}

export function blocksOf(file: string, text = readText(file)): Block[] {
  let heading = '';
  return parser.parse(text, {}).flatMap(({ type, info, content, map }, index, all) => {
    if (type === 'heading_open') heading = all[index + 1]?.content ?? '';
    return type === 'fence' ? [{ place: `${file}:${(map?.[0] ?? 0) + 1}`, info: info.trim(), code: content, heading }] : [];
  });
}

/** The words of a heading without what marks them up: what its anchor is made of. */
const plain = ({ children }: Token): string => (children ?? []).map(({ content }) => content).join('');

export const headingsOf = (file: string): string[] =>
  tokensOf(file).flatMap(({ type }, index, all) => (type === 'heading_open' ? [plain(all[index + 1] as Token)] : []));

export interface Link {
  /** Its file, and the line at which its paragraph or table row begins. */
  place: string;
  target: string;
}

/** Links and pictures. */
export function linksOf(file: string): Link[] {
  let line = 1;
  return tokensOf(file).flatMap(({ children, map }) => {
    // Cells of a table have no lines of their own.
    if (map) line = map[0] + 1;
    return (children ?? []).flatMap((child) => {
      const target = child.attrGet('href') ?? child.attrGet('src');
      return target === null ? [] : [{ place: `${file}:${line}`, target: String(target) }];
    });
  });
}

/** The code in the first cells of the table under a heading. */
export function firstCellsUnder(file: string, heading: string): string[] {
  const tokens = tokensOf(file);
  const start = tokens.findIndex(({ type }, index) => type === 'heading_open' && plain(tokens[index + 1] as Token) === heading);
  const end = tokens.findIndex(({ type }, index) => index > start && type === 'table_close');
  return tokens.slice(start, end).flatMap(({ type }, index, all) => {
    if (type !== 'td_open' || all[index - 1]?.type !== 'tr_open') return [];
    const codes = (all[index + 1]?.children ?? []).filter((child) => child.type === 'code_inline');
    return codes.map(({ content }) => content);
  });
}
