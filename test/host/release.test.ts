// A release, from CI's artifacts to a program that uses the published package, with a local registry instead of npm's. The
// artifacts are generated addons that pass the checks and have no code. The addon that a program loads here is the local build.

import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeFolder, removeFolder } from '../support/folders';
import { importable, type Result, root, runModule, runProgram } from '../support/host';

interface Registry {
  url: string;
  env: Record<string, string>;
  close(): Promise<void>;
}

const { startRegistry } = require(join(root, 'test/registry/start.cjs')) as { startRegistry(folder: string): Promise<Registry> };
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
const ADDONS = { arm64: 'win32-arm64/node.napi.armv8.node', ia32: 'win32-ia32/node.napi.node', x64: 'win32-x64/node.napi.node' };
const loaded = ADDONS[process.platform === 'win32' ? (process.arch as keyof typeof ADDONS) : 'x64'];

let folder: string;
let clone: string;
let registry: Registry;

const place = (...path: string[]): string => join(folder, ...path);

/** A copy of the artifacts that CI uploads, one folder each, with a change. */
function artifacts(name: string, change: (path: (addon: string) => string) => void = () => {}): string {
  cpSync(place('made'), place(name), { recursive: true });
  change((addon) => place(name, addon));
  return place(name);
}

/** Makes addons that can be published, and one from another linker. */
async function makeAddons(): Promise<void> {
  for (const addon of Object.values(ADDONS)) mkdirSync(place('made', addon, '..'), { recursive: true });
  const code = `
    import { writeFileSync } from 'node:fs';
    import { makeAddon } from ${importable('test/host/make-addon.mjs')};
    const [addons, made, foreign] = values;
    for (const [arch, addon] of Object.entries(addons)) writeFileSync(made + '/' + addon, makeAddon(arch));
    writeFileSync(foreign, makeAddon('x64', { rich: false }));`;
  const { error } = await runModule(code, ADDONS, place('made'), place('foreign.node'));
  if (error) throw new Error(error.message);
}

/** The repository as a workflow checks it out, with the local build. The tests change its prebuilds/ and versions. */
function makeClone(): string {
  const files = ['package.json', 'package-lock.json', '.npmrc', 'tsconfig.json', 'README.md', 'LICENSE', 'CHANGELOG.md'];
  for (const path of [...files, 'lib', 'include', 'scripts', 'doctor', 'dist', 'build/stamps', 'prebuilds/README.md']) {
    cpSync(join(root, path), place('clone', path), { recursive: true, filter: (from) => basename(from) !== 'node_modules' });
  }
  // The clone is inside the repository, so Node finds its packages. This file tells the scripts that they are installed.
  mkdirSync(place('clone/node_modules'));
  copyFileSync(join(root, 'node_modules/.rtworkq-lock'), place('clone/node_modules/.rtworkq-lock'));
  return place('clone');
}

/** Runs scripts/publish.mjs. */
const publish = (...options: string[]): Promise<Result> =>
  runProgram(process.execPath, [join(clone, 'scripts/publish.mjs'), ...options], clone, registry.env);

const npm = (args: string[], cwd = clone): Promise<Result> => runProgram('npm', args, cwd, registry.env);

interface Published {
  'dist-tags': Record<string, string>;
  versions: Record<string, { dist: { integrity: string; tarball: string } }>;
}

/** The registry's data about a package. */
async function published(name: string): Promise<Published | undefined> {
  const response = await fetch(`${registry.url}${name}`);
  return response.status === 404 ? undefined : ((await response.json()) as Published);
}

const versionsOf = async (name: string): Promise<string[] | undefined> => {
  const found = await published(name);
  return found && Object.keys(found.versions);
};

/** The result of lookUp() in scripts/lib/release.mjs, or its error's message. */
async function lookUp(packed: object, url = registry.url): Promise<unknown> {
  const code = `
    import { lookUp } from ${importable('scripts/lib/release.mjs')};
    Object.assign(process.env, values[1]);
    return lookUp(values[0], { attempts: 2, pause: 1 });`;
  const { result, error } = await runModule(code, packed, { ...registry.env, npm_config_registry: url, NPM_CONFIG_REGISTRY: url });
  return result ?? error?.message;
}

beforeAll(async () => {
  folder = makeFolder('release', join(root, 'build'));
  await makeAddons();
  clone = makeClone();
  mkdirSync(place('registry'));
  registry = await startRegistry(place('registry'));
  // The registry's packages may have to be installed first.
}, 900_000);

afterAll(async () => {
  await registry?.close();
  removeFolder(folder);
});

// One release: each test continues from the previous one.
describe('a release', () => {
  let runnable: string;

  beforeAll(() => {
    runnable = artifacts('runnable', (path) => copyFileSync(join(root, 'prebuilds', loaded), path(loaded)));
  });

  test('fails if an artifact is missing', async () => {
    const some = artifacts('some', (path) => rmSync(path('win32-arm64'), { recursive: true }));
    const { code, stderr } = await publish('--artifacts', some, '--yes');
    expect(stderr).toContain('has no win32-arm64.');
    expect(code).toBe(1);
  });

  test('fails if there is an addon that the package does not load', async () => {
    const more = artifacts('more', (path) => copyFileSync(path(loaded), path('win32-x64/other.node')));
    const { code, stderr } = await publish('--artifacts', more, '--yes');
    expect(stderr).toContain('These would be published too: win32-x64/other.node');
    expect(code).toBe(1);
  });

  test('fails if an addon was not built with MSVC', async () => {
    const foreign = artifacts('foreign', (path) => copyFileSync(place('foreign.node'), path(ADDONS.x64)));
    const { code, stderr } = await publish('--artifacts', foreign, '--yes');
    expect(stderr).toContain(`prebuilds/${ADDONS.x64} was not linked by MSVC.`);
    expect(code).toBe(1);
  });

  test('fails if the tag does not match the version', async () => {
    const { code, stderr } = await publish('--artifacts', artifacts('tagged'), '--tag', 'v0.0.1', '--yes');
    expect(stderr).toContain('The tag is v0.0.1, but package.json has version');
    expect(code).toBe(1);
  });

  test('publishes nothing if the registry does not have the packages, and says how to create them', async () => {
    const { code, stderr } = await publish('--artifacts', runnable, '--cross-builds', '--yes');
    expect(stderr).toContain('The registry has no package rtworkq, rtworkq-doctor. Nothing was published.');
    expect(stderr).toContain('node scripts/publish.mjs --placeholder');
    expect(code).toBe(1);
    expect(await published('rtworkq')).toBeUndefined();
  });

  test('can create both packages with an empty version', async () => {
    const { code, stderr } = await publish('--placeholder', '--yes');
    expect(stderr).toContain('npm trust github rtworkq --file release.yml');
    expect(code).toBe(0);
    expect([await versionsOf('rtworkq'), await versionsOf('rtworkq-doctor')]).toEqual([['0.0.0'], ['0.0.0']]);
  });

  test('publishes nothing in a dry run, and lists what it would publish', async () => {
    const { code, stderr } = await publish('--artifacts', artifacts('whole'), '--tag', `v${version}`);
    expect(stderr).toContain(`rtworkq@${version}: to be published`);
    expect(stderr).toContain(`With --yes it publishes rtworkq@${version}, rtworkq-doctor@${version}, without provenance.`);
    for (const addon of Object.values(ADDONS)) expect(stderr).toContain(`    prebuilds/${addon} (`);
    expect(code).toBe(0);
    expect(await versionsOf('rtworkq')).toEqual(['0.0.0']);
  });

  test('publishes both packages', async () => {
    const { code, stderr } = await publish('--artifacts', runnable, '--cross-builds', '--yes');
    expect(code).toBe(0);
    const printed = [...stderr.matchAll(/^ {2}(sha512-.*)$/gm)].map(([, integrity]) => integrity);
    for (const [index, name] of ['rtworkq', 'rtworkq-doctor'].entries()) {
      const { versions, 'dist-tags': tags } = (await published(name))!;
      expect(tags).toEqual({ latest: version });
      expect(versions[version]!.dist.integrity).toBe(printed[index]);
    }
  });

  test('can be installed and used once it is published', async () => {
    const script = [join(root, 'scripts/test-ecosystem.mjs'), '--published', version];
    const { code, stdout, stderr } = await runProgram(process.execPath, [...script, '--in-wine', 'npm'], root, registry.env);
    expect(stderr).toContain('1 of 1 passed.');
    expect([code, stdout]).toEqual([0, '']);
  });

  test('publishes nothing if it is run again', async () => {
    const { code, stderr } = await publish('--artifacts', runnable, '--cross-builds', '--yes');
    expect(stderr).toContain(`rtworkq@${version}: published already, with the same contents`);
    expect(stderr).toContain('There is nothing left to publish.');
    expect(code).toBe(0);
  });
});

describe('a pre-release that was interrupted', () => {
  const next = '99.0.0-rc.1';

  test('publishes only the missing package, and does not become the default version', async () => {
    for (const path of ['package.json', 'doctor/package.json']) {
      const manifest = JSON.parse(readFileSync(join(clone, path), 'utf8'));
      writeFileSync(join(clone, path), JSON.stringify({ ...manifest, version: next }, undefined, 2));
    }
    expect((await npm(['publish', '--tag', 'next'])).code).toBe(0);
    expect(await versionsOf('rtworkq-doctor')).not.toContain(next);

    const { code, stderr } = await publish('--cross-builds', '--yes');
    expect(stderr).toContain(`rtworkq@${next}: published already, with the same contents`);
    expect(stderr).toContain(`✓ Publish rtworkq-doctor@${next}`);
    expect(stderr).not.toContain(`Publish rtworkq@${next}`);
    expect(code).toBe(0);
    expect((await published('rtworkq-doctor'))?.['dist-tags']).toEqual({ latest: version, next });
  });

  test('fails to continue if the contents have changed', async () => {
    writeFileSync(join(clone, 'README.md'), 'Another page.\n');
    const { code, stderr } = await publish('--cross-builds', '--yes');
    expect(stderr).toContain(`rtworkq@${next} is published already, with other contents. Nothing was published.`);
    expect(stderr).toContain('These files differ: README.md\n');
    expect(code).toBe(1);
  });
});

describe('the registry', () => {
  test('counts as having the same contents if only the compression differs', async () => {
    const { versions } = (await published('rtworkq'))!;
    const { integrity, tarball } = versions[version]!.dist;
    const data = Buffer.from(await (await fetch(tarball)).arrayBuffer());
    const packed = { name: 'rtworkq', version, integrity: 'sha512-other', tarball: place('again.tgz') };
    writeFileSync(packed.tarball, gzipSync(gunzipSync(data), { level: 1 }));
    expect(await lookUp(packed)).toEqual({ state: 'published' });
    expect(await lookUp({ ...packed, integrity })).toEqual({ state: 'published' });
  });

  test('is asked again if it fails, and a failure is not taken for "not published"', async () => {
    let requests = 0;
    const broken = createServer((_, response) => {
      requests++;
      response.writeHead(503).end('{}');
    });
    await new Promise<void>((done) => broken.listen(0, '127.0.0.1', done));
    const { port } = broken.address() as AddressInfo;
    try {
      const said = await lookUp({ name: 'rtworkq', version, integrity: '' }, `http://127.0.0.1:${port}/`);
      expect(said).toMatch(/^npm cannot tell what the registry has of rtworkq: 503/);
      expect(requests).toBe(2);
    } finally {
      broken.closeAllConnections();
      broken.close();
    }
  });

  test('must be local for addons that were not built with MSVC', async () => {
    const env = { npm_config_registry: 'https://registry.invalid/', NPM_CONFIG_REGISTRY: 'https://registry.invalid/' };
    const { code, stderr } = await runProgram(process.execPath, [join(root, 'scripts/publish.mjs'), '--cross-builds', '--yes'], root, env);
    expect(stderr).toContain('--cross-builds would publish to https://registry.invalid/');
    expect(code).toBe(1);
  });
});
