// The repository's pages: their links, headings, tables and code blocks.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import markdownIt from 'markdown-it';
import { root } from './host';

const NOT_OURS = new Set(['node_modules', 'build', 'dist']);

/** A folder's matching files, as paths from the repository's root with `/`, without installed or built files. */
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
  /** The file, and the line of the block's first fence. */
  place: string;
  /** The text after the fence: the language, and perhaps more. */
  info: string;
  code: string;
  /** The heading above the block, as it is written. */
  heading: string;
}

export function blocksOf(file: string, text = readText(file)): Block[] {
  let heading = '';
  return parser.parse(text, {}).flatMap(({ type, info, content, map }, index, all) => {
    if (type === 'heading_open') heading = all[index + 1]?.content ?? '';
    return type === 'fence' ? [{ place: `${file}:${(map?.[0] ?? 0) + 1}`, info: info.trim(), code: content, heading }] : [];
  });
}

/** A heading's text without its markup. GitHub makes the anchor from it. */
const plain = ({ children }: Token): string => (children ?? []).map(({ content }) => content).join('');

export const headingsOf = (file: string): string[] =>
  tokensOf(file).flatMap(({ type }, index, all) => (type === 'heading_open' ? [plain(all[index + 1] as Token)] : []));

export interface Link {
  /** The file, and the line at which the link's paragraph or table row begins. */
  place: string;
  target: string;
}

/** Links and images. */
export function linksOf(file: string): Link[] {
  let line = 1;
  return tokensOf(file).flatMap(({ children, map }) => {
    // Table cells have no line numbers of their own.
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
