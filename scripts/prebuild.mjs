// npm run prebuild -- [--arch x64|arm64|ia32]: the addon as it is published, in prebuilds/win32-<arch>/. Needs Windows.
//
// prebuildify calls node-gyp rebuild, which empties build/: compiled tests and stamps go too, so that whatever runs
// afterwards makes them anew.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseOrExplain } from './lib/arguments.mjs';
import { nodeModulesProgram } from './lib/build.mjs';
import { runMain, StepError, say, step } from './lib/log.mjs';
import { ensurePackages } from './lib/packages.mjs';
import { pins, root } from './lib/paths.mjs';
import { checkPrebuild, PREBUILDS, prebuildFor, prebuildsFolder } from './lib/prebuilds.mjs';
import { run } from './lib/run.mjs';

const USAGE = `npm run prebuild -- [--arch ${Object.keys(PREBUILDS).join('|')}]`;

await runMain(async () => {
  const { values } = parseOrExplain({ options: { arch: { type: 'string', default: process.arch } } }, USAGE);
  const { arch } = values;
  prebuildFor(arch);
  if (process.platform !== 'win32') {
    throw new StepError(
      'The prebuilds that are published are made by MSVC, on Windows.',
      'run this on Windows; for a cross build into the same place: npm run build:native',
    );
  }
  await ensurePackages();
  // Of an earlier name or tag nothing may stay behind: the whole folder is published.
  rmSync(join(prebuildsFolder, `win32-${arch}`), { recursive: true, force: true });
  const options = ['--napi', '--name', 'node.napi', '--target', pins.prebuild.nodeTarget, '--arch', arch];
  // The version is spelled out, because prebuildify cannot tell it when the build machine is not arm64 itself.
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
