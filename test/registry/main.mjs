// node test/registry/main.mjs FOLDER: a local npm registry (verdaccio), empty at first. Of the project's own packages it has only
// what is published to it. Everything else comes from the registry that npm uses here. start.cjs starts it.
//
// It sends its URL to its parent, and ends when the parent ends.

import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ensureRegistryPackages } from '../../scripts/lib/packages.mjs';
import { tryOutput } from '../../scripts/lib/run.mjs';

const OWN = ['rtworkq', 'rtworkq-doctor'];

const folder = resolve(process.argv[2]);

/** npm's value of a setting here, or undefined if it is not set. */
async function setting(name) {
  const value = await tryOutput('npm', ['config', 'get', name], { cwd: folder });
  return value === '' || value === 'null' || value === 'undefined' ? undefined : value;
}

/** The registry that npm uses on this machine, with npm's certificate and proxy. */
async function upstream() {
  const [url, cafile, proxy] = await Promise.all(['registry', 'cafile', 'https-proxy'].map(setting));
  return {
    url,
    // After a few failures verdaccio would give up on a registry for minutes, even if it is only slow now and then.
    timeout: '60s',
    max_fails: 1000,
    ...(cafile && { ca: readFileSync(cafile, 'utf8') }),
    ...(proxy && { https_proxy: proxy, http_proxy: proxy }),
  };
}

/** Everyone may read, and a user may publish. The upstream registry is never asked for the project's own packages. */
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

/** Creates the only user, and returns its token for publishing. */
async function signUp(url) {
  const user = { name: 'publisher', password: 'of this folder only' };
  const response = await fetch(`${url}-/user/org.couchdb.user:${user.name}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(user),
  });
  if (!response.ok) throw new Error(`The registry did not create a user: ${response.status} ${await response.text()}`);
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
