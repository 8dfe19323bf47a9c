// npm run prebuild -- [--arch x64|arm64|ia32]: builds the addon as it is published, into prebuilds/win32-<arch>/.
// Windows only.
//
// prebuildify calls node-gyp rebuild, which empties build/. This deletes compiled tests and stamps too, so the next script that
// needs them rebuilds them.

import { join } from 'node:path';
import { parseOrExplain } from './lib/arguments.mjs';
import { nodeModulesProgram } from './lib/build.mjs';
import { runMain, StepError, say, step } from './lib/log.mjs';
import { ensurePackages } from './lib/packages.mjs';
import { pins, remove, root } from './lib/paths.mjs';
import { checkPrebuild, PREBUILDS, prebuildFor, prebuildsFolder } from './lib/prebuilds.mjs';
import { run } from './lib/run.mjs';

const USAGE = `npm run prebuild -- [--arch ${Object.keys(PREBUILDS).join('|')}]`;

await runMain(async () => {
  const { values } = parseOrExplain({ options: { arch: { type: 'string', default: process.arch } } }, USAGE);
  const { arch } = values;
  prebuildFor(arch);
  if (process.platform !== 'win32') {
    throw new StepError(
      'Published prebuilds are built with MSVC, on Windows.',
      'run this on Windows; for a cross build into the same folder: npm run build:native',
    );
  }
  await ensurePackages();
  // Remove files with an earlier name or tag, because the whole folder is published.
  remove(join(prebuildsFolder, `win32-${arch}`));
  const options = ['--napi', '--name', 'node.napi', '--target', pins.prebuild.nodeTarget, '--arch', arch];
  // prebuildify detects the Arm version only if the build machine itself is arm64.
  if (arch === 'arm64') options.push('--tag-armv', '8');
  await step(`Prebuild for Windows ${arch} with MSVC`, () =>
    run(process.execPath, [nodeModulesProgram('prebuildify/bin.js'), ...options], {
      cwd: root,
      show: true,
      help: `install "Desktop development with C++" of Visual Studio 2022 or later with the tools for ${arch}, and Python 3`,
    }),
  );
  say(await checkPrebuild(arch));
});
