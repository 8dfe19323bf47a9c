// Where this code runs from. `__dirname` and `import.meta.url` cannot tell: each belongs to one module format, and bundlers replace
// them with values from build time.

import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
// The default export: a named import would fail in versions without getCallSites().
import util from 'node:util';

/** Whether a Windows path depends on neither the current folder nor the current drive. */
export const isFullPath = (path: string): boolean => /^([a-z]:[\\/]|\\\\)./i.test(path);

/** The folder of the file with this function: the package's, or a bundle's. Undefined if unknown. */
export function folderHere(): string | undefined {
  const script = util.getCallSites?.(1)[0]?.scriptName ?? '';
  try {
    const file = script.startsWith('file:') ? fileURLToPath(script) : script;
    if (isFullPath(file)) return dirname(file);
  } catch {
    // A URL that is not a Windows file.
  }
  // Code that was evaluated, like webpack's modules in development: the folder of the code that did it.
  return typeof __dirname === 'string' && isFullPath(__dirname) ? __dirname : undefined;
}
