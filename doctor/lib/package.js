// Finds rtworkq: the one installed beside this package or, in the repository, the folder above.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = join(dirname(fileURLToPath(import.meta.url)), '..');
const places = [import.meta.url, join(folder, '../package.json')].map((place) => createRequire(place));

let found;

/** Cached, because the search takes milliseconds. */
function located() {
  found ??= find();
  return found;
}

function find() {
  for (const require of places) {
    try {
      return { require, manifest: require('rtworkq/package.json') };
    } catch (error) {
      if (error.code !== 'MODULE_NOT_FOUND') throw error;
    }
  }
  throw new Error('The package rtworkq is not installed: npm install rtworkq');
}

/** `require()` for rtworkq and its entry points. */
export const requireRtworkq = (name = 'rtworkq') => located().require(name);

/** The version of rtworkq that is measured. */
export const rtworkqVersion = () => located().manifest.version;

/** This package's own version. */
export const version = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version;
