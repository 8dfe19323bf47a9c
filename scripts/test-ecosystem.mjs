// npm run test:ecosystem -- [--write] [--published VERSION] [--in-wine] [pattern ...]
//
// Tests the packed package with the bundlers, packers and installers of test/ecosystem, here and in the Windows Node, and its simulation
// with test runners, and checks that the tables of docs/bundlers.md are up to date. --published tests a version from the registry, in this Node, with only the
// installers and the doctor. Patterns select tests by name; the doctor's is `npx`.

import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUNDLERS } from '../test/ecosystem/bundlers.mjs';
import { bundle, tryBundle } from '../test/ecosystem/cells.mjs';
import { tryDoctor } from '../test/ecosystem/doctor.mjs';
import { tryInstaller } from '../test/ecosystem/installed.mjs';
import { INSTALLERS } from '../test/ecosystem/installers.mjs';
import { PACKERS } from '../test/ecosystem/packers.mjs';
import { RUNNERS, tryRunner } from '../test/ecosystem/runners.mjs';
import { withTables } from '../test/ecosystem/tables.mjs';
import { startRegistry } from '../test/registry/start.cjs';
import { parseOrExplain } from './lib/arguments.mjs';
import { runMain, say, step } from './lib/log.mjs';
import { ensureEcosystemPackages, npm } from './lib/packages.mjs';
import { inParallel, together } from './lib/parallel.mjs';
import { root, withTemporaryFolder } from './lib/paths.mjs';
import { prepare } from './lib/prepare.mjs';
import { run, tryOutput } from './lib/run.mjs';
import { resolveTarget } from './lib/windows-node.mjs';

const USAGE =
  'npm run test:ecosystem -- [--write] [--published VERSION] [--in-wine] [pattern of names ...]\n\n' +
  '  --write      writes the tables of docs/bundlers.md\n' +
  '  --published  tests this version from the registry, with the installers and the doctor\n' +
  '  --in-wine    tests the published version in the Windows Node, too';
const OPTIONS = {
  write: { type: 'boolean', default: false },
  published: { type: 'string' },
  'in-wine': { type: 'boolean', default: false },
};

const onWindows = process.platform === 'win32';
const work = join(root, 'test/ecosystem/build');
const page = join(root, 'docs/bundlers.md');

const NPX = { name: 'npx' };

/** Returns whether patterns select something by its name. A pattern that is a whole name matches only that: npm is not pnpm. */
function choose(patterns) {
  const names = [...BUNDLERS, ...INSTALLERS, ...PACKERS, ...RUNNERS, NPX].map(({ name }) => name.toLowerCase());
  const matches = (name, pattern) => (names.includes(pattern) ? name === pattern : name.includes(pattern));
  return ({ name }) => patterns.length === 0 || patterns.some((pattern) => matches(name.toLowerCase(), pattern.toLowerCase()));
}

/** Runs tests, reports failures and goes on. */
function attempts() {
  const failures = [];
  let count = 0;
  return {
    async make(label, action) {
      count++;
      try {
        await step(label, action);
        return true;
      } catch (error) {
        say(error.message);
        failures.push(label);
        return false;
      }
    },
    report() {
      say(`\n${count - failures.length} of ${count} passed.`);
      for (const failure of failures) say(`✗ ${failure}`);
      return failures.length;
    },
  };
}

/** Packs the package and installs it beside the bundlers. */
async function install() {
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  await npm(['pack', '--silent', '--pack-destination', work], root);
  const tarball = join(
    work,
    readdirSync(work).find((name) => name.endsWith('.tgz')),
  );
  writeFileSync(join(work, 'package.json'), JSON.stringify({ private: true }));
  await npm(['install', '--ignore-scripts', '--no-package-lock', tarball], work);
  return tarball;
}

const cellsOf = (bundler) =>
  (bundler.formats ?? ['cjs', 'esm']).flatMap((format) => {
    const supported = bundler.named && (bundler.namedFormats ?? [format]).includes(format);
    const entryPoints = supported ? ['rtworkq', 'rtworkq/win32-x64'] : ['rtworkq'];
    return entryPoints.map((entryPoint) => ({
      bundler,
      format,
      named: entryPoint !== 'rtworkq',
      label: `${bundler.name}: ${entryPoint} in ${format === 'esm' ? 'an ES module' : 'CommonJS'}`,
    }));
  });

/** Makes all bundles, then moves the package away, so that no bundle can find it, and runs them. */
async function tryBundlers({ make }, folder, bundlers) {
  const built = [];
  await inParallel(
    bundlers.flatMap(cellsOf).map((cell) => async () => {
      const action = async () => {
        cell.out = await bundle(work, cell.bundler, cell.format, cell.named);
      };
      if (await make(`Bundle with ${cell.label}`, action)) built.push(cell);
    }),
  );
  const away = join(work, 'taken-away');
  renameSync(join(work, 'node_modules'), away);
  for (const [index, cell] of built.entries()) {
    const prebuilds = cell.named ? undefined : join(away, 'rtworkq/prebuilds');
    await make(`Run ${cell.label}`, () => tryBundle(cell.out, prebuilds, join(folder, `bundle-${index}`), cell.bundler));
  }
}

async function tryInstallers({ make }, folder, installers, options) {
  for (const [index, installer] of installers.entries()) {
    await make(`Install and run with ${installer.name}`, () => tryInstaller(installer, join(folder, `installed-${index}`), options));
  }
}

async function tryPackers({ make }, folder, packers) {
  for (const [index, packer] of packers.entries()) {
    const place = join(folder, `packed-${index}`);
    mkdirSync(place);
    await make(`Pack: ${packer.name}`, () => packer.pack(work, place));
  }
}

/** Tests the installers, then the doctor. */
async function tryPublished(all, folder, installers, chosen, options) {
  await tryInstallers(all, folder, installers, options);
  if (chosen(NPX)) await all.make('Run the doctor with npx', () => tryDoctor(join(folder, 'doctor'), options));
}

/** The same with the packed package, from a local registry. */
async function tryPacked(all, folder, installers, chosen, tarball) {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const place = join(folder, 'registry');
  mkdirSync(place);
  const { url, env, close } = await step('Start a registry', () => startRegistry(place));
  try {
    await step('Publish the packages there', async () => {
      const options = { cwd: join(root, 'doctor'), env: { ...process.env, ...env } };
      for (const what of [tarball, '.']) await run('npm', ['publish', what, '--tag', 'latest'], options);
    });
    // The version is seconds old, as right after a release: by default, some installers reject versions that are so new.
    const options = { version, registry: url, windows: true, patience: { attempts: 1, pause: 0 } };
    await tryPublished(all, folder, installers, chosen, options);
  } finally {
    await close();
  }
}

/** Returns whether the page's tables are up to date. With `write`, updates them first. */
function checkPage(write) {
  const before = readFileSync(page, 'utf8').replaceAll('\r\n', '\n');
  const after = withTables(before);
  if (before === after) return true;
  if (write) writeFileSync(page, after);
  else say('The tables of docs/bundlers.md are out of date. To update them: npm run test:ecosystem -- --write');
  return write;
}

await runMain(async () => {
  const { values, positionals } = parseOrExplain({ options: OPTIONS, allowPositionals: true }, USAGE);
  const chosen = choose(positionals);
  const installers = INSTALLERS.filter(chosen);
  // npm needs no package, because it is the machine's own.
  if (!values.published || installers.some((installer) => installer.package)) await ensureEcosystemPackages();
  const all = attempts();
  await withTemporaryFolder(async (folder) => {
    if (values.published) {
      const registry = await tryOutput('npm', ['config', 'get', 'registry']);
      // It takes a while until a registry shows a new version everywhere.
      const patience = { attempts: 5, pause: 10_000 };
      const options = { version: values.published, registry, windows: onWindows || values['in-wine'], patience };
      return tryPublished(all, folder, installers, chosen, options);
    }
    await together(prepare(resolveTarget({ arch: onWindows ? undefined : 'x64' })));
    const tarball = await step('Pack and install the package', install);
    for (const runner of RUNNERS.filter(chosen)) await all.make(`Test a simulation with ${runner.name}`, () => tryRunner(runner, work));
    await tryPackers(all, folder, PACKERS.filter(chosen));
    await tryBundlers(all, folder, BUNDLERS.filter(chosen));
    if (installers.length > 0 || chosen(NPX)) await tryPacked(all, folder, installers, chosen, tarball);
  });
  const upToDate = checkPage(values.write);
  return all.report() === 0 && upToDate ? 0 : 1;
});
