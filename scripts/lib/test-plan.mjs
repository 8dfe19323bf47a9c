// Which tests `npm test` runs, in which Windows Node, with which RTWorkQ.dll.

import { pins } from './paths.mjs';
import { WINE_DLLS } from './stand-in-wine.mjs';
import { resolveTarget } from './windows-node.mjs';

// Nodes that run only the core do so with one RTWorkQ.dll. For two of three it is the stand-in, which implements more functions.
const CORE_RUNS = { '22-x64': 'wine', '26-x64': 'stand-in', '22-ia32': 'stand-in' };
// Slow files that test much the same with either RTWorkQ.dll. If both DLLs are tested, each of these files runs with only one:
// example programs with the stand-in, which implements everything that they call.
const WITH_ONE_DLL = {
  wine: ['lifetime/loading', 'lifetime/flags'],
  'stand-in': ['lifetime/documented', 'lifetime/example-programs'],
};
const DLL_NAMES = { wine: "Wine's DLL", 'stand-in': 'the stand-in' };

/**
 * Sorts the command line's patterns. `lint` selects the linters, patterns that begin with `host` select files of test/host, and the
 * others select files of the Windows runs. No patterns select everything.
 * @param {string[]} patterns
 * @returns {{ lint: boolean, host: string[] | undefined, windows: string[] | undefined }} patterns of files: an
 *   empty list for all files, undefined for no file
 */
export function choose(patterns) {
  if (patterns.length === 0) return { lint: true, host: [], windows: [] };
  const host = patterns.filter((pattern) => pattern.startsWith('host'));
  const windows = patterns.filter((pattern) => pattern !== 'lint' && !host.includes(pattern));
  const orNone = (list) => (list.length > 0 ? list : undefined);
  return { lint: patterns.includes('lint'), host: orNone(host), windows: orNone(windows) };
}

/** A run's name in results and steps: its Node, and in Wine its RTWorkQ.dll. */
const nameOf = (target, dll) => (dll ? `${target.name}, ${DLL_NAMES[dll]}` : target.name);

/**
 * @param {{ node?: string, arch?: string, dll?: string, 'all-nodes'?: boolean }} values of the command line
 * @param {string[]} patterns of test files
 * @returns {{ name: string, target: ReturnType<typeof resolveTarget>, dll?: string, full: boolean, patterns: string[],
 *   except: string[], optional: boolean }[]} the longest first; `except` has patterns of files that another run includes; an
 *   `optional` run is skipped if something that it needs is unavailable: a run for ia32 that the command line does not ask for
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
