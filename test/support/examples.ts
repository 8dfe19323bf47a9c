// The examples of the documentation: the blocks of code in the pages, and what stands in the comments of lib/.

import { type Block, blocksOf, filesBelow, pages, readText } from './markdown';

export interface Example extends Block {
  language: 'js' | 'ts';
}

/** All blocks of the pages. */
export const documentedBlocks: Block[] = pages.flatMap((file) => blocksOf(file));

const imports = ({ code }: Block): boolean => /^import /m.test(code);

const inJavaScript: Example[] = documentedBlocks.filter(({ info }) => info === 'js').map((block) => ({ ...block, language: 'js' }));

/** What a user can run as it stands. A block with a word more behind its fence, such as `js config`, is for another program. */
export const documentedPrograms: Example[] = inJavaScript.filter(imports);

/** Lines of a program. */
export const documentedParts: Example[] = inJavaScript.filter((block) => !imports(block));

/** Tests of users, for `node:test`: programs too, which print what the runner of those prints. */
export const documentedTests: Block[] = documentedBlocks.filter(({ info }) => info === 'js node:test');

/** Declarations as they are written, of what the package exports. */
export const documentedSignatures: Block[] = documentedBlocks.filter(({ info }) => info === 'ts');

export const commentedExamples: Example[] = filesBelow('lib', /\.m?ts$/)
  .flatMap((file) => blocksOf(file, readText(file).replaceAll(/^ *\* ?/gm, '')))
  .flatMap((block) => (block.info === 'js' || block.info === 'ts' ? [{ ...block, language: block.info }] : []));
