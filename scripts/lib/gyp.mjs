// Reads the parts of a .gyp file that the cross build needs. The project's .gyp files are JSON with `#` comment lines, which
// node-gyp understands too, so both builds share one list of sources, defines and include folders.

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

// node-gyp gives every addon Node's headers and the delay-load hook. So a .gyp file without includes, such as the example's, does not
// name them. The cross build adds the project's own.
const COMMON = join(root, 'common.gypi');
const HOOK = join(root, 'src/node/delay_load_hook.cc');

/** The sections of `block` that apply: the block itself, and those of its conditions. Supports only `name=='value'`. */
function applicable(block, variables) {
  const chosen = [block];
  for (const [condition, then, otherwise] of block.conditions ?? []) {
    const match = /^(\w+)=='([^']*)'$/.exec(condition);
    if (!match || !(match[1] in variables)) throw new StepError(`scripts/lib/gyp.mjs cannot evaluate the condition ${condition}`);
    const section = variables[match[1]] === match[2] ? then : otherwise;
    if (section) chosen.push(...applicable(section, variables));
  }
  return chosen;
}

/** Replaces `<!(command)` with the command's output. */
function expand(value, cwd) {
  const command = /^<!\((.*)\)$/s.exec(value)?.[1];
  return command ? execSync(command, { cwd, encoding: 'utf8' }).trim() : value;
}

/**
 * Reads the only target of a .gyp file for a Windows architecture, with absolute paths.
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
