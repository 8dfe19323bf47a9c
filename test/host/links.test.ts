// Every link and anchor in the pages leads somewhere, and README lists everything that the package exports.

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { publicValues } from '../support/declarations';
import { root, runModule } from '../support/host';
import { firstCellsUnder, headingsOf, linksOf, pages } from '../support/markdown';

/** The anchors that GitHub makes of the headings in each list. */
async function anchorsOf(headings: string[][]): Promise<string[][]> {
  const { result, error } = await runModule(
    `import GithubSlugger from 'github-slugger';
    return values[0].map((list) => { const slugger = new GithubSlugger(); return list.map((each) => slugger.slug(each)); });`,
    headings,
  );
  if (error) throw new Error(error.message);
  return result as string[][];
}

describe('the links in', () => {
  let anchors: Map<string, string[]>;

  beforeAll(async () => {
    const found = await anchorsOf(pages.map(headingsOf));
    anchors = new Map(pages.map((page, index) => [page, found[index] ?? []]));
  });

  /** What is wrong with a link, if anything. */
  function problemOf(page: string, target: string): string | undefined {
    const [path = '', anchor] = decodeURI(target).split('#');
    const file = path === '' ? page : posix.join(posix.dirname(page), path);
    if (file.startsWith('..') || posix.isAbsolute(file)) return 'leads out of the repository';
    if (!existsSync(join(root, file))) return 'there is no such file';
    if (anchor !== undefined && !anchors.get(file)?.includes(anchor)) return 'there is no such heading';
    return undefined;
  }

  test.each(pages)('%s lead to existing files and headings', (page) => {
    const ours = linksOf(page).filter(({ target }) => !/^[a-z]+:/.test(target));
    const broken = ours.flatMap(({ place, target }) => {
      const problem = problemOf(page, target);
      return problem ? [`${place}: ${target}: ${problem}`] : [];
    });
    expect(broken).toEqual([]);
  });
});

describe('the pages', () => {
  test('list every export of the package under "At a glance" in docs/api.md, and nothing else', () => {
    const { name, exports: entries } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const entryPoints = Object.keys(entries)
      .filter((entry) => entry !== '.' && entry !== './package.json')
      .map((entry) => entry.replace('.', name));
    expect(firstCellsUnder('docs/api.md', 'At a glance').sort()).toEqual([...publicValues, ...entryPoints].sort());
  });

  test('link from README.md to an example for each recipe', () => {
    const examples = linksOf('README.md')
      .map(({ target }) => target)
      .filter((target) => target.startsWith('examples/'));
    expect(examples.length).toBeGreaterThanOrEqual(14);
    expect(examples.filter((target) => dirname(target) === '.')).toEqual([]);
  });
});
