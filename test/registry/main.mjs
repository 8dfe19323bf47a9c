// node test/registry/main.mjs FOLDER: an npm registry on this machine that has nothing yet (verdaccio). The project's own
// packages are only what is published to it; everything else comes from the registry that npm uses here. start.cjs starts it.
//
// It tells its parent where it is, and ends when the parent ends.

import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ensureRegistryPackages } from '../../scripts/lib/packages.mjs';
import { tryOutput } from '../../scripts/lib/run.mjs';

const OWN = ['rtworkq', 'rtworkq-doctor'];

const folder = resolve(process.argv[2]);

/** What npm says to a setting here, unless it is not set. */
async function setting(name) {
  const value = await tryOutput('npm', ['config', 'get', name], { cwd: folder });
  return value === '' || value === 'null' || value === 'undefined' ? undefined : value;
}

/** The registry that npm uses on this machine, as npm reaches it. */
async function upstream() {
  const [url, cafile, proxy] = await Promise.all(['registry', 'cafile', 'https-proxy'].map(setting));
  return {
    url,
    // verdaccio gives up on a registry for minutes after a few failures: not one that is slow now and then.
    timeout: '60s',
    max_fails: 1000,
    ...(cafile && { ca: readFileSync(cafile, 'utf8') }),
    ...(proxy && { https_proxy: proxy, http_proxy: proxy }),
  };
}

/** Everybody may read, a user may publish, and nobody asks the registry above for the project's own packages. */
const packages = {
  ...Object.fromEntries(OWN.map((name) => [name, { access: '$all', publish: '$authenticated' }])),
  '**': { access: '$all', proxy: 'upstream' },
};

const configuration = async () => ({
  configPath: join(folder, 'config.yaml'),
  storage: join(folder, 'storage'),
  auth: { htpasswd: { file: join(folder, 'htpasswd') } },
  uplinks: { upstream: await upstream() },
  packages,
  max_body_size: '100mb',
  publish: { check_owners: false },
  web: { enable: false },
  log: { type: 'stderr', format: 'json', level: 'warn' },
});

/** Makes the one user, and returns the token to publish with. */
async function signUp(url) {
  const user = { name: 'publisher', password: 'of this folder only' };
  const response = await fetch(`${url}-/user/org.couchdb.user:${user.name}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(user),
  });
  if (!response.ok) throw new Error(`The registry made no user: ${response.status} ${await response.text()}`);
  return (await response.json()).token;
}

process.once('disconnect', () => process.exit());
await ensureRegistryPackages();
const { runServer } = (await import('verdaccio')).default;
const server = await runServer(await configuration());
await new Promise((done, fail) => server.once('error', fail).listen(0, '127.0.0.1', done));
const url = `http://127.0.0.1:${server.address().port}/`;
const npmrc = join(folder, 'npmrc');
writeFileSync(npmrc, `registry=${url}\n${url.replace('http:', '')}:_authToken=${await signUp(url)}\n`);
process.send?.({ url, npmrc });
