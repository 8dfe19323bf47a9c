// One cell of the bundler matrix: bundle a program, move it to a folder without the package, and run it.

import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StepError } from '../../scripts/lib/log.mjs';
import { run } from '../../scripts/lib/run.mjs';
import { forWindows, runInWindows } from '../../scripts/lib/windows.mjs';

const programs = join(import.meta.dirname, 'programs');

/** What the program must report, here and in the Windows Node. */
const EXPECTED = {
  here: { supported: false, reason: expect('RTWorkQ is part of Windows'), timer: 'passed' },
  windows: { supported: true, timer: 'passed', fired: 0 },
};

function expect(start) {
  return { matches: (value) => typeof value === 'string' && value.startsWith(start) };
}

/** Throws if the program's last line does not report what is expected. */
function judge(output, code, expected) {
  const line = output.trim().split(/\r?\n/).at(-1) ?? '';
  let report;
  try {
    report = JSON.parse(line);
  } catch {
    throw new StepError(output.trim() || `It printed nothing and ended with ${code}.`);
  }
  for (const [name, value] of Object.entries(expected)) {
    if (value?.matches ? !value.matches(report[name]) : report[name] !== value) throw new StepError(`${name}: ${line}`);
  }
  if (code !== 0) throw new StepError(`It ended with ${code}.`);
}

/** The same for output from the Windows Node. */
export const judgeInWindows = (output) => judge(output, 0, { ...EXPECTED.windows, one: true });

/**
 * Runs a program here and in the Windows Node. Throws if its report is wrong.
 * @param {string} file
 * @param {{ one?: boolean, args?: string[], windows?: boolean }} [options] `one`: whether it must find one instance
 */
export async function tryProgram(file, { one = true, args = [], windows = true } = {}) {
  const cwd = join(file, '..');
  if (process.platform !== 'win32') {
    const { code, output } = await run(process.execPath, [...args, file], { cwd, allowFailure: true });
    judge(output, code, { ...EXPECTED.here, ...(one && { one }) });
  }
  if (!windows) return;
  let output = '';
  const keep = (data) => {
    output += data;
  };
  // Otherwise the preload's hooks find this repository's package.
  const env = { RTWORKQ_INSIDE: '1' };
  const { code, crash } = await runInWindows({ args: [...args, forWindows(file)], cwd, env, stdout: keep, stderr: keep });
  judge(output, crash ?? code, { ...EXPECTED.windows, ...(one && { one }) });
}

/** Writes the program, in the bundle's format if the bundler cannot convert it. */
function writeProgram(folder, { keepsFormat, mixes = true }, format, entryPoint) {
  const name = keepsFormat && format === 'cjs' ? 'program.cjs' : 'program.mjs';
  const text = readFileSync(join(programs, name), 'utf8').replace("'rtworkq'", `'${entryPoint}'`);
  writeFileSync(
    join(folder, name),
    mixes ? text : text.replace("import { required } from './required.cjs';", 'const required = WorkItem;'),
  );
  cpSync(join(programs, 'required.cjs'), join(folder, 'required.cjs'));
  return join(folder, name);
}

/**
 * Bundles the program.
 * @param {string} work a folder with the package installed
 * @param {import('./bundlers.mjs').Bundler} bundler
 * @param {'cjs' | 'esm'} format
 * @param {boolean} named whether it imports rtworkq/win32-x64
 * @returns {Promise<string>} the bundle's folder
 */
export async function bundle(work, bundler, format, named) {
  const folder = join(work, `${bundler.name.replace(/\W/g, '')}-${format}-${named ? 'named' : 'plain'}`);
  const build = {
    format,
    entry: '',
    out: join(folder, 'out'),
    main: format === 'esm' ? 'main.mjs' : 'main.cjs',
  };
  mkdirSync(build.out, { recursive: true });
  build.entry = writeProgram(folder, bundler, format, named ? 'rtworkq/win32-x64' : 'rtworkq');
  const type = format === 'esm' ? 'module' : 'commonjs';
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type, ...bundler.settings?.(build) }));
  for (const [name, text] of Object.entries(bundler.files ?? {})) writeFileSync(join(folder, name), text(build));
  const [program, ...args] = bundler.command(build);
  await run(program, args, { cwd: folder });
  // ncc writes its own.
  if (!existsSync(join(build.out, 'package.json'))) writeFileSync(join(build.out, 'package.json'), JSON.stringify({ type }));
  return build.out;
}

/** Moves a bundle to a folder where no package is found, adds the files that its users ship with it, and runs it. */
export async function tryBundle(out, prebuilds, folder, bundler) {
  cpSync(out, folder, { recursive: true });
  if (prebuilds) cpSync(prebuilds, join(folder, 'prebuilds'), { recursive: true });
  const main = readdirSync(folder).find((name) => /^(main|index|program)\.[cm]?js$/.test(name));
  if (!main) throw new StepError(`There is no bundle in ${readdirSync(folder).join(', ')}.`);
  await tryProgram(join(folder, main), { one: bundler.mixes ?? true });
}
