// A registry that has the packed package as if it were published, and hands on all other requests to the machine's own.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

/** What a registry says about a package with one version. */
function describe(manifest, data, tarball) {
  const { name, version } = manifest;
  const dist = {
    tarball,
    shasum: createHash('sha1').update(data).digest('hex'),
    integrity: `sha512-${createHash('sha512').update(data).digest('base64')}`,
  };
  // Some installers wait before they trust a version: what is tried after a release is as young.
  const published = new Date().toISOString();
  return {
    _id: name,
    name,
    'dist-tags': { latest: version },
    versions: { [version]: { ...manifest, _id: `${name}@${version}`, dist } },
    time: { created: published, modified: published, [version]: published },
  };
}

async function handOn(upstream, request, response) {
  const { accept = '*/*' } = request.headers;
  const answer = await fetch(new URL(request.url.slice(1), upstream), { headers: { accept } });
  const type = answer.headers.get('content-type') ?? 'application/octet-stream';
  response.writeHead(answer.status, { 'content-type': type }).end(Buffer.from(await answer.arrayBuffer()));
}

/**
 * Serves on a port of this machine until it is closed.
 * @param {object} manifest the package's package.json
 * @param {string} file its tarball
 * @param {string} upstream the registry for everything else
 * @returns {Promise<{ url: string, close: () => void }>}
 */
export async function serveRegistry(manifest, file, upstream) {
  const data = readFileSync(file);
  const path = `/${manifest.name}/-/${manifest.name}-${manifest.version}.tgz`;
  const server = createServer((request, response) => {
    if (request.url === path) return response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(data);
    if (request.url === `/${manifest.name}`) {
      const text = JSON.stringify(describe(manifest, data, `${url}${path.slice(1)}`));
      return response.writeHead(200, { 'content-type': 'application/json' }).end(text);
    }
    return handOn(upstream, request, response).catch((error) => response.writeHead(502).end(String(error)));
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${server.address().port}/`;
  return {
    url,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
