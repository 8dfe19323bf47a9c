// Which tests `npm test` runs, in which Windows Node, with which RTWorkQ.dll.

import { pins } from './paths.mjs';
import { WINE_DLLS } from './stand-in-wine.mjs';
import { resolveTarget } from './windows-node.mjs';

const EVERYTHING = { part: 'everything', patterns: [] };
const CORE = { part: 'the core', patterns: ['core'] };
// async_hooks, promises, AbortSignals, diagnostics_channel, node:timers. The rest of test/core depends on Windows and RTWorkQ.
const DEPENDS_ON_NODE = {
  part: 'what depends on Node',
  patterns: ['diagnostics', 'internal', 'timers', 'work-items'].map((folder) => `core/${folder}`),
  except: [
    // Slow, and the same in every Node.
    'core/internal/acting-options',
    'core/internal/arbitrary',
    'core/timers/exact',
    ...['native-work', 'put-many', 'reuse', 'schedule'].map((name) => `core/work-items/${name}`),
  ],
};
// Tests without RTWorkQ, and slow ones of how arguments are read: its DLL makes no difference.
const SAME_WITH_EITHER_DLL = [
  'core/handles/broken-waits',
  'core/handles/names',
  'core/handles/process',
  'core/handles/wait-faults',
  'core/internal/acting-options',
  'core/internal/arbitrary',
  'core/internal/wrapped',
  'core/process/power-throttling',
  'core/process/settings',
  'core/testing',
  'core/timers/callbacks',
  'core/timers/exact',
  'core/timers/fakes',
  'core/timers/heap',
  'core/timers/many',
  'core/timers/names',
  'core/timers/promises',
  'core/timers/wrapped',
];
const LIFETIMES = { part: 'lifetimes', patterns: ['lifetime'] };
const lifetime = (name) => `lifetime/${name}`;

// The runs in Wine without options, the longest first. Each RTWorkQ.dll meets test/core and test/lifetime, but not in every Node.
// Files that test the same with either DLL, and slow ones of test/lifetime that test much the same, run with one. Documented
// programs run with the stand-in, which implements everything that they call.
const STANDARD = [
  {
    node: '24',
    arch: 'x64',
    dll: 'wine',
    ...LIFETIMES,
    except: ['collected', 'documented', 'example-programs', 'forgotten', 'kept', 'leaks', 'mutexes', 'workers'].map(lifetime),
  },
  { node: '26', arch: 'x64', dll: 'stand-in', ...CORE },
  {
    node: '24',
    arch: 'x64',
    dll: 'stand-in',
    ...LIFETIMES,
    except: ['alive', 'flags', 'loading', 'many-waits', 'process-end', 'rejections', 'timers', 'turns'].map(lifetime),
  },
  { node: '24', arch: 'x64', dll: 'wine', ...CORE, except: SAME_WITH_EITHER_DLL },
  { node: '22', arch: 'x64', dll: 'stand-in', ...DEPENDS_ON_NODE },
  { node: '22', arch: 'ia32', dll: 'stand-in', ...CORE },
];
/** Left out of test/host in Wine, unless named: they take minutes. `npm run rehearse` includes them. */
export const LONG_HOST_FILES = ['host/facts', 'host/model', 'host/msvs', 'host/release'];
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
 * @typedef {{ name: string, target: ReturnType<typeof resolveTarget>, dll?: string, part: string, patterns: string[],
 *   except: string[], optional: boolean }} Run a run of tests in a Windows Node; `part` says what it includes, in words; `except`
 *   has patterns of files that it leaves out; an `optional` run is skipped if something that it needs is unavailable: a run for
 *   ia32 that the command line does not ask for
 */

/**
 * @param {{ node?: string, arch?: string, dll?: string, 'all-nodes'?: boolean }} values of the command line
 * @param {string[]} patterns of test files
 * @returns {Run[]} the longest first
 */
export function planRuns({ node, arch, dll, 'all-nodes': all = false }, patterns) {
  const onWindows = process.platform === 'win32';
  const toRun = ({ dll, part, patterns, except = [], ...request }) => {
    const target = resolveTarget(request);
    return { name: nameOf(target, dll), target, dll, part, patterns, except, optional: target.arch === 'ia32' && arch !== 'ia32' };
  };
  const oneNode = onWindows || node || arch || patterns.length > 0;
  if (!oneNode && !all && !dll) return STANDARD.map(toRun);

  const dlls = onWindows ? [undefined] : dll ? [dll] : patterns.length > 0 ? ['wine'] : WINE_DLLS;
  const chosen = patterns.length > 0 ? { ...EVERYTHING, patterns } : EVERYTHING;
  const everything = (request) => dlls.map((each) => toRun({ ...request, dll: each, ...chosen }));
  const first = { node, arch };
  if (oneNode) return everything(first);
  const others = Object.keys(pins.windowsNode.builds)
    .filter((name) => name !== resolveTarget(first).name)
    .map((name) => ({ node: name.split('-')[0], arch: name.split('-')[1] }));
  return [...everything(first), ...others.flatMap((other) => (all ? everything(other) : toRun({ ...other, dll, ...CORE })))];
}
