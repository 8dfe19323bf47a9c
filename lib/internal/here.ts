// Where this code runs from. `__dirname` and `import.meta.url` do not say it: each belongs to one format, and a bundler puts
// what was true when it ran in their place.

import { dirname, isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
// By its default: an import by name would fail where there is no such function.
import util from 'node:util';

/** The folder of the file that has this function: the package's, or a bundle. Undefined where it is no file. */
export function folderHere(): string | undefined {
  const script = util.getCallSites?.(1)[0]?.scriptName ?? '';
  const file = script.startsWith('file:') ? fileURLToPath(script) : script;
  return isAbsolute(file) ? dirname(file) : undefined;
}
