// node configure-msvs.mjs FILE: runs `node-gyp configure` for each request in a JSON file, on any system, as on a Windows machine
// with a given Visual Studio and Node. node-gyp and gyp are the real ones. This program only tells node-gyp that it is on
// Windows, which Visual Studio is installed, how Node was built, and that Node's headers are already there.

import { readFileSync, renameSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(import.meta.url);
const requests = JSON.parse(readFileSync(process.argv[2], 'utf8'));

// Load this first, so that it looks for this machine's Python.
require('node-gyp/lib/find-python');
Object.defineProperty(process, 'platform', { value: 'win32' });

for (const { place, visualStudio, nodeConfig, options, project, result } of requests) {
  process.chdir(place);
  Object.defineProperty(process, 'config', { value: nodeConfig, configurable: true });
  require('node-gyp/lib/find-visualstudio').findVisualStudio = async () => visualStudio;
  const gyp = require('node-gyp')();
  gyp.parseArgv([process.execPath, 'node-gyp', 'configure', ...options]);
  gyp.devDir = gyp.opts.devdir;
  gyp.commands.install = async () => {};
  // Otherwise gyp generates for the system that it runs on.
  await gyp.commands.configure(['-DOS=win']);
  renameSync(join('build', project), result);
}
