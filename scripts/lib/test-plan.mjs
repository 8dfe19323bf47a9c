// Which tests `npm test` runs, in which Windows Node, with which RTWorkQ.dll.

import { pins } from './paths.mjs';
import { WINE_DLLS } from './stand-in-wine.mjs';
import { resolveTarget } from './windows-node.mjs';

// The Nodes that run the core only do so with one RTWorkQ.dll; the stand-in has more to call.
const CORE_RUNS = { '22-x64': 'wine', '26-x64': 'stand-in', '22-ia32': 'stand-in' };
// Files that take long and do much the same with either RTWorkQ.dll. If both run, each of these runs with one: example programs
// with the stand-in, which leaves out nothing of what they call.
const WITH_ONE_DLL = {
  wine: ['lifetime/loading', 'lifetime/flags'],
  'stand-in': ['lifetime/documented', 'lifetime/example-programs'],
};
const DLL_NAMES = { wine: "Wine's DLL", 'stand-in': 'the stand-in' };

/**
 * What the patterns of the command line fit. `lint` is the linters; those that begin with `host` are files of test/host; the
 * others are files of the Windows runs. Without patterns it is everything.
 * @param {string[]} patterns
 * @returns {{ lint: boolean, host: string[] | undefined, windows: string[] | undefined }} the files' patterns, undefined for none of them
 */
export function choose(patterns) {
  if (patterns.length === 0) return { lint: true, host: [], windows: [] };
  const host = patterns.filter((pattern) => pattern.startsWith('host'));
  const windows = patterns.filter((pattern) => pattern !== 'lint' && !host.includes(pattern));
  const orNone = (list) => (list.length > 0 ? list : undefined);
  return { lint: patterns.includes('lint'), host: orNone(host), windows: orNone(windows) };
}

/** How results and steps call a run: by its Node, and in Wine by its RTWorkQ.dll. */
const nameOf = (target, dll) => (dll ? `${target.name}, ${DLL_NAMES[dll]}` : target.name);

/**
 * @param {{ node?: string, arch?: string, dll?: string, 'all-nodes'?: boolean }} values of the command line
 * @param {string[]} patterns of test files
 * @returns {{ name: string, target: ReturnType<typeof resolveTarget>, dll?: string, full: boolean, patterns: string[], except: string[], optional: boolean }[]}
 *   the longest first; `except` is the files that another run has; `optional` is one that may be left out where what it needs cannot be had: a 32-bit Node that nobody
 *   asked for
 */
export function planRuns({ node, arch, dll, 'all-nodes': all = false }, patterns) {
  const onWindows = process.platform === 'win32';
  const first = resolveTarget({ node, arch });
  const others = Object.keys(pins.windowsNode.builds)
    .filter((name) => name !== first.name)
    .map((name) => resolveTarget({ node: name.split('-')[0], arch: name.split('-')[1] }));
  const dlls = () => (onWindows ? [undefined] : dll ? [dll] : patterns.length > 0 ? ['wine'] : WINE_DLLS);
  const everything = (target) =>
    dlls().map((each, _, all) => {
      const others = all.filter((other) => other !== each);
      return { target, dll: each, full: true, patterns, except: others.flatMap((other) => WITH_ONE_DLL[other]) };
    });
  const core = (target) => ({ target, dll: dll ?? CORE_RUNS[target.name], full: false, patterns: ['core'], except: [] });

  let runs = everything(first);
  if (!onWindows && !node && !arch) {
    if (all) runs = [first, ...others].flatMap(everything);
    else if (patterns.length === 0) runs = [...runs, ...others.map(core)];
  }
  return runs.map((run) => ({ ...run, name: nameOf(run.target, run.dll), optional: run.target.arch === 'ia32' && arch !== 'ia32' }));
}
