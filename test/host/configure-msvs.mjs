// node configure-msvs.mjs JSON: runs `node-gyp configure` in the current folder, on any system, as on a Windows machine with
// a given Visual Studio and Node. node-gyp and gyp are the real ones. This program tells node-gyp that it is on Windows, which
// Visual Studio is there, how Node was built, and that Node's headers are there already.

import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { visualStudio, nodeConfig, options } = JSON.parse(process.argv[2]);

// Load this first, so that it looks for the Python of this machine.
require('node-gyp/lib/find-python');
Object.defineProperty(process, 'platform', { value: 'win32' });
Object.defineProperty(process, 'config', { value: nodeConfig });
require('node-gyp/lib/find-visualstudio').findVisualStudio = async () => visualStudio;

const gyp = require('node-gyp')();
gyp.parseArgv([process.execPath, 'node-gyp', 'configure', ...options]);
gyp.devDir = gyp.opts.devdir;
gyp.commands.install = async () => {};
// Otherwise gyp takes the system that it runs on.
await gyp.commands.configure(['-DOS=win']);
