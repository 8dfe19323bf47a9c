// Finds the native addon's file and loads it. In this order:
//
//   the addon that 'rtworkq/win32-x64' and the like name   literally, so that bundlers can follow it; they may rewrite it
//   build/ of the package                                  through node-gyp-build, if the package was built from source
//   prebuilds/ of the package                              as published; also if node-gyp-build is missing or was misled
//   prebuilds/ beside a bundle                             copied there by the bundle's author
//   prebuilds/ beside the program's .exe                   for example a single executable
//
// The current directory and the command line are never consulted: anyone could have put a file there.

import { existsSync, readFileSync } from 'node:fs';
// The default export: webpack looks for createRequire by name, and complains if it cannot follow the call.
import Module from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { folderHere, isFullPath } from './here';
import type { NativeAddon } from './native';

/** A place where the addon was looked for. No error means that there is no such file. */
export interface Attempt {
  readonly place: string;
  readonly error?: unknown;
}

type Load = () => unknown;

/** The platform and architecture, as in the folder names of prebuilds/. */
export const target = `${process.platform}-${process.arch}`;
const prebuild = join('prebuilds', target, `node.napi${process.arch === 'arm64' ? '.armv8' : ''}.node`);

// Where node-gyp puts its output.
const BUILDS = ['build/Release', 'build/Debug'];

const named = new Map<string, readonly Load[]>();

/** Names the addon of one platform, in each way that bundlers understand. Has no effect once the addon is loaded. */
export function provideAddon(platform: string, ...literals: readonly Load[]): void {
  named.set(platform, literals);
}

/** The package's folder; undefined if this file was bundled. */
function packageFolder(here: string): string | undefined {
  const folder = join(here, '../..');
  try {
    const { name } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return name === 'rtworkq' ? folder : undefined;
  } catch {
    return undefined;
  }
}

/** Whether there is such a file; `otherwise` if Node may not look: its permission model throws. */
function exists(file: string, otherwise: boolean): boolean {
  try {
    return existsSync(file);
  } catch {
    return otherwise;
  }
}

function open(file: string): unknown {
  if (!existsSync(file)) throw new Error(`${file} does not exist`);
  const module = { exports: {} };
  process.dlopen(module, file);
  return module.exports;
}

/** Resolves a file that a bundler names: by a path, a file URL, or a path relative to the bundle's folder. */
function fileOf(name: string, here: string | undefined): string {
  if (name.startsWith('file:')) return fileURLToPath(name);
  // The file's whole content, which Windows cannot load.
  if (name.startsWith('data:')) throw new TypeError('expected the addon, got a data: URL');
  // A leading slash, too, means a path in the bundle, and not the root of a drive.
  if (isFullPath(name)) return name;
  return join(here ?? dirname(process.execPath), name);
}

/** Returns what a bundler made of a literal: the addon, its file, or a module with one of these as its default export. */
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
  // Only if there is a build: loading node-gyp-build takes longer than loading the package and the addon together.
  if (folder && BUILDS.some((build) => exists(join(folder, build), false))) {
    const nodeGypBuild = (): unknown => Module.createRequire(join(folder, 'package.json'))('node-gyp-build')(folder);
    yield { place: `${join(folder, 'build')} and ${join(folder, 'prebuilds')}, with node-gyp-build`, load: nodeGypBuild };
  }
  for (const parent of new Set([folder ?? here, dirname(process.execPath)])) {
    if (!parent) continue;
    const place = join(parent, prebuild);
    // What forbids a look is the error to report.
    yield exists(place, true) ? { place, load: () => open(place) } : { place };
  }
}

/** Returns the addon, and the places where it was not found. */
export function findAddon(): { readonly addon?: NativeAddon; readonly attempts: readonly Attempt[] } {
  const here = folderHere();
  const attempts: Attempt[] = [];
  for (const { place, load } of places(here)) {
    try {
      if (load) return { addon: addonOf(load(), here), attempts };
      attempts.push({ place });
    } catch (error) {
      attempts.push({ place, error });
      // No addon may be loaded at all.
      if ((error as NodeJS.ErrnoException | undefined)?.code === 'ERR_DLOPEN_DISABLED') break;
    }
  }
  return { attempts };
}
