// The documentation's examples: code blocks in the pages, and in the comments of lib/.

import { type Block, blocksOf, filesBelow, pages, readText } from './markdown';

export interface Example extends Block {
  language: 'js' | 'ts';
}

/** All code blocks in the pages. */
export const documentedBlocks: Block[] = pages.flatMap((file) => blocksOf(file));

const imports = ({ code }: Block): boolean => /^import /m.test(code);

const inJavaScript: Example[] = documentedBlocks.filter(({ info }) => info === 'js').map((block) => ({ ...block, language: 'js' }));

/** Programs that a user can run as they are. A block with a second word, such as `js config`, is for another program. */
export const documentedPrograms: Example[] = inJavaScript.filter(imports);

/** Parts of a program. */
export const documentedFragments: Example[] = inJavaScript.filter((block) => !imports(block));

/** Tests for `node:test`, as users write them. They are programs too, and print the test runner's output. */
export const documentedTests: Block[] = documentedBlocks.filter(({ info }) => info === 'js node:test');

/** The documented declarations of the package's exports. */
export const documentedSignatures: Block[] = documentedBlocks.filter(({ info }) => info === 'ts');

export const commentedExamples: Example[] = filesBelow('lib', /\.m?ts$/)
  .flatMap((file) => blocksOf(file, readText(file).replaceAll(/^ *\* ?/gm, '')))
  .flatMap((block) => (block.info === 'js' || block.info === 'ts' ? [{ ...block, language: block.info }] : []));
