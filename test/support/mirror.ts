// A local Debian mirror that fails as a test needs it to, and small packages for it.

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** How a mirror answers a request: with bytes, with their first half and then an end or silence, or with a status. */
export type Answer = Buffer | string | { half: Buffer; ending: 'end' | 'silence' } | number;

export interface Mirror {
  url: string;
  /** The requested paths, without `/debian/`. */
  requests: string[];
  /** The answers for each path, one after the other; the last one repeats. A path without answers gets 404. */
  files: Map<string, Answer[]>;
  close(): Promise<void>;
}

function respond(response: ServerResponse, answer: Answer): void {
  if (typeof answer === 'number') return void response.writeHead(answer).end();
  if (typeof answer === 'string' || Buffer.isBuffer(answer)) {
    return void response.writeHead(200, { 'content-length': Buffer.byteLength(answer) }).end(answer);
  }
  response.writeHead(200, { 'content-length': answer.half.length });
  response.write(answer.half.subarray(0, answer.half.length / 2), () => {
    if (answer.ending === 'end') response.destroy();
  });
}

export async function startMirror(): Promise<Mirror> {
  const requests: string[] = [];
  const files = new Map<string, Answer[]>();
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '').replace('/debian/', '');
    requests.push(path);
    const answers = files.get(path) ?? [404];
    respond(response, answers.length > 1 ? answers.shift()! : answers[0]!);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}/debian`, requests, files, close };
}

export const sha256 = (data: Buffer | string): string => createHash('sha256').update(data).digest('hex');

/** Makes a package with one file, `usr/share/<name>`, that contains the version. */
export async function makePackage(folder: string, name: string, version: string): Promise<{ path: string; data: Buffer; control: string }> {
  const tree = join(folder, `${name}-${version}`);
  mkdirSync(join(tree, 'DEBIAN'), { recursive: true });
  mkdirSync(join(tree, 'usr/share'), { recursive: true });
  writeFileSync(join(tree, 'usr/share', name), version);
  const control = `Package: ${name}\nVersion: ${version}\nArchitecture: amd64\nMaintainer: none\nDescription: none\n`;
  writeFileSync(join(tree, 'DEBIAN/control'), control);
  const file = `${name}_${version}_amd64.deb`;
  await run('dpkg-deb', ['--root-owner-group', '-b', tree, join(folder, file)]);
  return { path: `pool/main/${file}`, data: readFileSync(join(folder, file)), control };
}

/** Makes a new key to sign with. */
export async function makeKey(
  folder: string,
): Promise<{ keyring: string; sign: (text: string) => Promise<string>; end: () => Promise<unknown> }> {
  const home = join(folder, 'gnupg');
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const gpg = (...args: string[]) => run('gpg', ['--homedir', home, '--batch', '--quiet', '--passphrase', '', ...args]);
  await gpg('--quick-generate-key', 'mirror', 'ed25519', 'sign', 'never');
  const keyring = join(folder, 'keyring.gpg');
  await gpg('--output', keyring, '--export');
  return {
    keyring,
    async sign(text) {
      writeFileSync(join(home, 'text'), text);
      return (await gpg('--output', '-', '--clearsign', join(home, 'text'))).stdout;
    },
    end: () => run('gpgconf', ['--homedir', home, '--kill', 'all']),
  };
}
