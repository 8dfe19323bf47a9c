// Where this code runs from. `__dirname` and `import.meta.url` do not say it: each belongs to one format, and bundlers put what
// was true when they ran in their place.

import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
// By its default: an import by name would fail where there is no such function.
import util from 'node:util';

/** Whether a path of Windows depends on nothing else: on no current folder and no current drive. */
export const isFullPath = (path: string): boolean => /^([a-z]:[\\/]|\\\\)./i.test(path);

/** The folder of the file that has this function: the package's, or a bundle. Undefined where nobody knows. */
export function folderHere(): string | undefined {
  const script = util.getCallSites?.(1)[0]?.scriptName ?? '';
  try {
    const file = script.startsWith('file:') ? fileURLToPath(script) : script;
    if (isFullPath(file)) return dirname(file);
  } catch {
    // A URL of no file of Windows.
  }
  // A string that was evaluated, as webpack has modules in development: the folder of who did it.
  return typeof __dirname === 'string' && isFullPath(__dirname) ? __dirname : undefined;
}
