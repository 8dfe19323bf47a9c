// Reads the part of a .gyp file that a cross build needs. The project's .gyp files are JSON with `#` comment lines, a
// form that node-gyp understands too, so that sources, defines and include folders stand once.

import { execSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { StepError } from './log.mjs';
import { root } from './paths.mjs';

const LISTS = ['sources', 'defines', 'include_dirs', 'cflags_cc', 'ldflags', 'libraries'];

function parse(file) {
  const text = readFileSync(file, 'utf8').replace(/^\s*#.*$/gm, '');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new StepError(`${file} must be JSON with # comment lines: ${error.message}`);
  }
}

// What node-gyp gives to every addon, the headers of Node and the hook for delayed loading, an addon of somebody else's has
// not in its .gyp file. Here it is in the project's own.
const COMMON = join(root, 'common.gypi');
const HOOK = join(root, 'src/node/delay_load_hook.cc');

/** The sections of `block` that apply: itself and its conditions, which know only `name=='value'`. */
function applicable(block, variables) {
  const chosen = [block];
  for (const [condition, then, otherwise] of block.conditions ?? []) {
    const match = /^(\w+)=='([^']*)'$/.exec(condition);
    if (!match || !(match[1] in variables)) throw new StepError(`A condition that scripts/lib/gyp.mjs cannot evaluate: ${condition}`);
    const section = variables[match[1]] === match[2] ? then : otherwise;
    if (section) chosen.push(...applicable(section, variables));
  }
  return chosen;
}

/** A value `<!(command)` is the command's output. */
function expand(value, cwd) {
  const command = /^<!\((.*)\)$/s.exec(value)?.[1];
  return command ? execSync(command, { cwd, encoding: 'utf8' }).trim() : value;
}

/**
 * The one target of a .gyp file for a Windows architecture, with absolute paths.
 * @param {string} file
 * @param {string} arch `x64` or `ia32`
 */
export function readGyp(file, arch) {
  const variables = { OS: 'win', target_arch: arch };
  const gyp = parse(file);
  const folder = dirname(file);
  const defaults = (gyp.includes ?? [COMMON]).flatMap((name) => applicable(parse(resolve(folder, name)).target_defaults ?? {}, variables));
  const [target, ...others] = gyp.targets;
  if (others.length > 0) throw new StepError(`${file} has more than one target.`);
  const sections = [...defaults, ...applicable(target, variables)];
  const result = { name: target.target_name, type: target.type ?? 'loadable_module' };
  for (const list of LISTS) result[list] = sections.flatMap((section) => section[list] ?? []).map((value) => expand(value, folder));
  for (const list of ['sources', 'include_dirs']) result[list] = result[list].map((path) => resolve(folder, path));
  if (!gyp.includes) result.sources.push(HOOK);
  return result;
}
