// Temporary folders for tests.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Makes a new folder, by default in the system's temporary folder. */
export const makeFolder = (name: string, parent = tmpdir()): string => mkdtempSync(join(parent, `rtworkq-${name}-`));

/**
 * Removes a folder and its contents. Windows keeps a loaded addon locked until shortly after its process has ended, and
 * virus scanners open files that were just written, so it tries again for up to 30 seconds.
 */
export const removeFolder = (folder: string): void => rmSync(folder, { recursive: true, force: true, maxRetries: 24, retryDelay: 100 });
