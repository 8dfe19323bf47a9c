// Starts main.mjs's registry. In CommonJS, because jest can load nothing else.

'use strict';

const { fork } = require('node:child_process');
const { join } = require('node:path');

/**
 * An environment in which npm uses that registry, may publish to it, and has a cache of its own. Each name is in lower and in upper
 * case, because this machine's settings may be in either: on Linux npm reads both, and Windows keeps only one of them.
 */
function environment(folder, { url, npmrc }) {
  const settings = { registry: url, userconfig: npmrc, cache: join(folder, 'npm-cache') };
  const names = (name) => [`npm_config_${name}`, `NPM_CONFIG_${name.toUpperCase()}`];
  return Object.fromEntries(Object.entries(settings).flatMap(([name, value]) => names(name).map((each) => [each, value])));
}

/**
 * @param {string} folder must be empty; the registry keeps everything there
 * @returns {Promise<{ url: string, env: Record<string, string>, close: () => Promise<void> }>} `env` is for programs that use the
 *   registry; `close` resolves when its process has ended
 */
function startRegistry(folder) {
  const child = fork(join(__dirname, 'main.mjs'), [folder], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data));
  const ended = new Promise((resolve) => child.once('close', resolve));
  const close = () => {
    child.kill();
    return ended;
  };
  return new Promise((resolve, reject) => {
    child.once('message', (place) => resolve({ url: place.url, env: environment(folder, place), close }));
    child.once('error', reject);
    ended.then((code) => reject(new Error(`The registry ended with ${code}.\n${output}`)));
  });
}

module.exports = { startRegistry };
