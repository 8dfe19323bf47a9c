// Finds the file of the native addon and loads it. In this order:
//
//   what 'rtworkq/win32-x64' and the like name    literally, so that bundlers can follow it; they hand over what they make of it
//   build/ of the package                         by node-gyp-build, where the package was built from source
//   prebuilds/ of the package                     as it is published; also where node-gyp-build is missing, or was misled
//   prebuilds/ beside a bundle                    which somebody has copied there
//   prebuilds/ beside the program's .exe          such as a single executable
//
// Never in the current directory, nor where a command line says: anybody may have put a file there.

import { existsSync, readFileSync } from 'node:fs';
// By its default: webpack looks for createRequire by name, and complains about what it cannot follow.
import Module from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { folderHere, isFullPath } from './here';
import type { NativeAddon } from './native';

/** Where the addon was looked for, and what came of it; no error where there is no such file. */
export interface Attempt {
  readonly place: string;
  readonly error?: unknown;
}

type Load = () => unknown;

/** What runs here, as the folders of prebuilds/ are named. */
export const target = `${process.platform}-${process.arch}`;
const prebuild = join('prebuilds', target, `node.napi${process.arch === 'arm64' ? '.armv8' : ''}.node`);

// Where node-gyp leaves what it has built.
const BUILDS = ['build/Release', 'build/Debug'];

const named = new Map<string, readonly Load[]>();

/** Names the addon of one platform, in each of the ways that bundlers understand. Has no effect once the addon is loaded. */
export function provideAddon(platform: string, ...literals: readonly Load[]): void {
  named.set(platform, literals);
}

/** The package's folder; undefined where this file has become a part of a bundle. */
function packageFolder(here: string): string | undefined {
  const folder = join(here, '../..');
  try {
    const { name } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return name === 'rtworkq' ? folder : undefined;
  } catch {
    return undefined;
  }
}

function open(file: string): unknown {
  if (!existsSync(file)) throw new Error(`${file} does not exist`);
  const module = { exports: {} };
  process.dlopen(module, file);
  return module.exports;
}

/** A file that a bundler names: by its path or its URL, or by a path in the bundle's folder. */
function fileOf(name: string, here: string | undefined): string {
  if (name.startsWith('file:')) return fileURLToPath(name);
  // Its whole content, which Windows cannot load.
  if (name.startsWith('data:')) throw new TypeError('expected the addon, got a data: URL');
  // What starts with a slash is a path in the bundle too, and not the root of some drive.
  if (isFullPath(name)) return name;
  return join(here ?? dirname(process.execPath), name);
}

/** What a bundler made of a literal: the addon, its file, or a module that has either for its default export. */
function addonOf(given: unknown, here: string | undefined): NativeAddon {
  const isAddon = (value: unknown): value is NativeAddon => typeof (value as NativeAddon | undefined)?.open === 'function';
  if (isAddon(given)) return given;
  const value = (given as { default?: unknown } | undefined)?.default ?? given;
  const addon = typeof value === 'string' || value instanceof URL ? open(fileOf(String(value), here)) : value;
  if (!isAddon(addon)) throw new TypeError(`expected the addon, got a value of type ${typeof addon}`);
  return addon;
}

function* places(here: string | undefined): Generator<{ place: string; load?: Load }> {
  for (const load of named.get(target) ?? []) yield { place: `the addon imported as rtworkq/${target}`, load };
  const folder = here && packageFolder(here);
  // Only there: it takes longer to load than the package and the addon together.
  if (folder && BUILDS.some((build) => existsSync(join(folder, build)))) {
    const nodeGypBuild = (): unknown => Module.createRequire(join(folder, 'package.json'))('node-gyp-build')(folder);
    yield { place: `${join(folder, 'build')} and ${join(folder, 'prebuilds')}, with node-gyp-build`, load: nodeGypBuild };
  }
  for (const parent of new Set([folder ?? here, dirname(process.execPath)])) {
    if (!parent) continue;
    const place = join(parent, prebuild);
    yield existsSync(place) ? { place, load: () => open(place) } : { place };
  }
}

/** The addon, and where it was looked for in vain. */
export function findAddon(): { readonly addon?: NativeAddon; readonly attempts: readonly Attempt[] } {
  const here = folderHere();
  const attempts: Attempt[] = [];
  for (const { place, load } of places(here)) {
    try {
      if (load) return { addon: addonOf(load(), here), attempts };
      attempts.push({ place });
    } catch (error) {
      attempts.push({ place, error });
      // No addon at all may be loaded.
      if ((error as NodeJS.ErrnoException | undefined)?.code === 'ERR_DLOPEN_DISABLED') break;
    }
  }
  return { attempts };
}
