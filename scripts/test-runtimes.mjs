// npm run test:runtimes -- [pattern ...]
//
// Tests the package in Bun and Deno: on Windows in their builds for Windows, on Linux in those for Linux and, in Wine, in those for
// Windows. The same programs run in the Windows Node, too, to compare. Patterns select runs by the names in the table.

import { join } from 'node:path';
import { runsFor } from '../test/runtimes/runs.mjs';
import { parseOrExplain } from './lib/arguments.mjs';
import { buildTestAddons, buildTests, ensureBuilt } from './lib/build.mjs';
import { runMain, StepError, say, step, Unavailable } from './lib/log.mjs';
import { ensurePackages } from './lib/packages.mjs';
import { together } from './lib/parallel.mjs';
import { buildFolder, remove, withTemporaryFolder } from './lib/paths.mjs';
import { report, rowOf } from './lib/results.mjs';
import { BUILDS, runIn } from './lib/runtimes.mjs';
import { prepareWine } from './lib/windows.mjs';

const USAGE = 'npm run test:runtimes -- [pattern of names ...]';

// In milliseconds. The longest run takes 15 s in Wine.
const LIMIT = 180_000;

async function attempt(name, build, { file, args, env, permissions, judge, cwd }, folder) {
  const run = async () => {
    const { code, output } = await runIn(build, file, { args, env, permissions, cwd: cwd ?? folder, limit: LIMIT });
    const counts = judge(output, code);
    if (counts.failed > 0) say(`${output.trimEnd()}\nIt ended with ${code}.`);
    return counts;
  };
  const failure = ({ failed }) => (failed > 0 ? `${failed} failed` : undefined);
  try {
    return { name, ...(await step(name, run, failure)) };
  } catch (error) {
    say(error.message);
    return rowOf(name, 'failed');
  }
}

await runMain(async () => {
  const { positionals } = parseOrExplain({ options: {}, allowPositionals: true }, USAGE);
  if (BUILDS.length === 0) {
    throw new Unavailable(`scripts/pins.json has no Bun and no Deno for ${process.platform}-${process.arch}.`, 'run this on x64');
  }
  await ensurePackages();
  const [addons] = await together(
    buildTestAddons('x64'),
    ensureBuilt('x64'),
    buildTests(),
    process.platform === 'win32' || prepareWine({ arch: 'x64' }),
  );
  // Inside the repository, so that the programs find the package by its name.
  const documents = join(buildFolder, 'runtimes');
  const rows = await withTemporaryFolder(async (folder) => {
    const done = [];
    for (const build of BUILDS) {
      for (const run of runsFor(build.platform, build.runtime, documents, addons.RTWORKQ_TEST_HELPER)) {
        const name = `${build.name}: ${run.name}`;
        if (positionals.length > 0 && !positionals.some((pattern) => name.includes(pattern))) continue;
        done.push(await attempt(name, build, run, folder));
      }
    }
    return done;
  });
  remove(documents);
  if (rows.length === 0) throw new StepError('No run has such a name.', USAGE);
  return report(rows);
});
