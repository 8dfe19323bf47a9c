// The pages: every link and every anchor leads somewhere, and README names what there is.

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { publicValues } from '../support/declarations';
import { root, runModule } from '../support/host';
import { firstCellsUnder, headingsOf, linksOf, pages } from '../support/markdown';

/** For each list of headings the anchors that GitHub makes of them. */
async function anchorsOf(headings: string[][]): Promise<string[][]> {
  const { result, error } = await runModule(
    `import GithubSlugger from 'github-slugger';
    return values[0].map((list) => { const slugger = new GithubSlugger(); return list.map((each) => slugger.slug(each)); });`,
    headings,
  );
  if (error) throw new Error(error.message);
  return result as string[][];
}

describe('the links of', () => {
  let anchors: Map<string, string[]>;

  beforeAll(async () => {
    const found = await anchorsOf(pages.map(headingsOf));
    anchors = new Map(pages.map((page, index) => [page, found[index] ?? []]));
  });

  /** What is wrong with it, if anything. */
  function complaint(page: string, target: string): string | undefined {
    const [path = '', anchor] = decodeURI(target).split('#');
    const file = path === '' ? page : posix.join(posix.dirname(page), path);
    if (file.startsWith('..') || posix.isAbsolute(file)) return 'leads out of the repository';
    if (!existsSync(join(root, file))) return 'there is no such file';
    if (anchor !== undefined && !anchors.get(file)?.includes(anchor)) return 'there is no such heading';
    return undefined;
  }

  test.each(pages)('%s lead somewhere', (page) => {
    const ours = linksOf(page).filter(({ target }) => !/^[a-z]+:/.test(target));
    const broken = ours.flatMap(({ place, target }) => {
      const wrong = complaint(page, target);
      return wrong ? [`${place}: ${target}: ${wrong}`] : [];
    });
    expect(broken).toEqual([]);
  });
});

describe('README.md', () => {
  test('names everything that the package exports under API, and nothing else', () => {
    const { name, exports: entries } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const entryPoints = Object.keys(entries)
      .filter((entry) => entry !== '.' && entry !== './package.json')
      .map((entry) => entry.replace('.', name));
    expect(firstCellsUnder('README.md', 'API').sort()).toEqual([...publicValues, ...entryPoints].sort());
  });

  test('leads to an example for each row of "You want → use"', () => {
    const examples = linksOf('README.md')
      .map(({ target }) => target)
      .filter((target) => target.startsWith('examples/'));
    expect(examples.length).toBeGreaterThanOrEqual(14);
    expect(examples.filter((target) => dirname(target) === '.')).toEqual([]);
  });
});
