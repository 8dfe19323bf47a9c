// How the scripts fetch Debian packages from a bad mirror: one that is stale or slow, drops connections, or serves wrong bytes.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { makeFolder, removeFolder } from '../support/folders';
import { importable, runModule } from '../support/host';
import { type Mirror, makeKey, makePackage, sha256, startMirror } from '../support/mirror';

// apt fetches the packages, so these tests need Debian. Under Wine the Windows Node sees apt's files, but cannot run them.
const has = (...programs: string[]): boolean => process.platform === 'linux' && programs.every((program) => existsSync(program));
const describeDebian = has('/usr/lib/apt/apt-helper', '/usr/bin/dpkg-deb') ? describe : describe.skip;
// Not every Debian has gpg, which signs an index.
const describeSigned = has('/usr/lib/apt/apt-helper', '/usr/bin/gpg') ? describe : describe.skip;

const noise = Buffer.alloc(20_000, 'noise');

let folder: string;
let old: Awaited<ReturnType<typeof makePackage>>;
let newer: typeof old;
let other: typeof old;
let mirror: Mirror;
let target: string;

const makePackages = async (): Promise<void> => {
  folder = makeFolder('mirror');
  old = await makePackage(folder, 'wine', '1.0~a+b');
  newer = await makePackage(folder, 'wine', '1.1');
  other = await makePackage(folder, 'other', '2');
};
const clean = (): void => removeFolder(folder);

const begin = async (): Promise<void> => {
  mirror = await startMirror();
  target = mkdtempSync(join(folder, 'target-'));
};
const end = (): Promise<void> => mirror.close();

/** The arguments of fetchPackages(), with short pauses and time limits. */
function request(options: { pinned?: (typeof old)[] | undefined; keyring?: string; attempts?: number; within?: number } = {}): object[] {
  const pinned = 'pinned' in options ? options.pinned : [old, other];
  return [
    {
      suite: 'trixie',
      architecture: 'amd64',
      pinned: pinned && Object.fromEntries(pinned.map(({ path, data }) => [path, sha256(data)])),
      requests: ['wine', 'other'],
      folder: target,
    },
    {
      mirror: mirror.url,
      keyring: options.keyring ?? '/nowhere',
      patience: { attempts: options.attempts ?? 3, pause: 1 },
      pace: { least: 1, within: options.within ?? 60_000 },
    },
  ];
}

const source = `import { fetchPackages } from ${importable('scripts/lib/debian.mjs')};`;
const fetchAll = (options?: Parameters<typeof request>[0]): ReturnType<typeof runModule> =>
  runModule(`${source} return fetchPackages(...values);`, ...request(options));

const requestsFor = (path: string): number => mirror.requests.filter((each) => each === path).length;

/** Expects these packages and no other files: only a package that passed its check gets its final name. */
function expectOnly(...expected: (typeof old)[]): void {
  const names = readdirSync(target, { withFileTypes: true }).filter((entry) => entry.isFile());
  const files = Object.fromEntries(names.map(({ name }) => [name, sha256(readFileSync(join(target, name)))]));
  expect(files).toEqual(Object.fromEntries(expected.map(({ path, data }) => [path.split('/').at(-1), sha256(data)])));
}

describeDebian('pinned Debian packages', () => {
  beforeAll(makePackages);
  afterAll(clean);
  beforeEach(async () => {
    await begin();
    for (const each of [old, other]) mirror.files.set(each.path, [each.data]);
  });
  afterEach(end);

  test('are fetched from the pool, without requesting an index', async () => {
    const { result } = await fetchAll();
    expect(result).toEqual([old, other].map(({ path }) => join(target, path.split('/').at(-1)!)));
    expectOnly(old, other);
    expect([...mirror.requests].sort()).toEqual([old.path, other.path].sort());
  });

  test('are fetched again after a dropped connection', async () => {
    mirror.files.set(old.path, [{ half: old.data, ending: 'end' }, { half: old.data, ending: 'end' }, old.data]);
    expect((await fetchAll()).error).toBeUndefined();
    expectOnly(old, other);
    expect(requestsFor(old.path)).toBe(3);
  });

  test('are fetched again after a stalled connection', async () => {
    mirror.files.set(old.path, [{ half: old.data, ending: 'silence' }, old.data]);
    const { error, stderr } = await fetchAll({ within: 1_000, attempts: 8 });
    expect(error).toBeUndefined();
    expect(stderr).toContain('It made no progress and was ended; trying again in');
    expectOnly(old, other);
  });

  test('are fetched again after a server error', async () => {
    mirror.files.set(old.path, [503, old.data]);
    expect((await fetchAll()).error).toBeUndefined();
    expectOnly(old, other);
  });

  test('are fetched again if their bytes are wrong', async () => {
    mirror.files.set(old.path, [Buffer.alloc(old.data.length), old.data]);
    expect((await fetchAll()).error).toBeUndefined();
    expectOnly(old, other);
  });

  test('are rejected if their bytes are wrong every time', async () => {
    mirror.files.set(old.path, [newer.data]);
    const { error, stderr } = await fetchAll({ pinned: [old] });
    expect(error).toMatchObject({ name: 'Unavailable' });
    expect(stderr).toContain('does not have the SHA-256 of scripts/pins.json');
    expect(requestsFor(old.path)).toBe(3);
    expectOnly();
  });

  test('are requested once if the mirror no longer has them, and then looked up in the index', async () => {
    mirror.files.delete(old.path);
    const { error } = await fetchAll({ pinned: [old] });
    // The mirror has no index either.
    expect(error).toMatchObject({ name: 'Unavailable', help: expect.stringContaining('mirror') });
    expect(requestsFor(old.path)).toBe(1);
    expect(requestsFor('dists/trixie/InRelease')).toBe(3);
    expectOnly();
  });

  test('are fetched completely after a run that was killed halfway', async () => {
    mirror.files.set(old.path, [{ half: old.data, ending: 'silence' }, old.data]);
    const code = `const values = JSON.parse(process.argv[1]); ${source} await fetchPackages(...values);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', code, JSON.stringify(request())], { stdio: 'ignore' });
    const name = old.path.split('/').at(-1);
    const halfway = (): boolean => readdirSync(target).some((entry) => existsSync(join(target, entry, name!)));
    while (!halfway()) await new Promise((resolve) => setTimeout(resolve, 10));
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect((await fetchAll()).error).toBeUndefined();
    expectOnly(old, other);
  });

  test('are not fetched again if they are already there', async () => {
    await fetchAll();
    mirror.requests.length = 0;
    expect((await fetchAll()).error).toBeUndefined();
    expect(mirror.requests).toEqual([]);
  });

  test('are unpacked into one tree', async () => {
    await fetchAll();
    const { result } = await runModule(
      `${source.replace('{ fetchPackages }', '{ fetchPackages, unpackPackages }')}
       await unpackPackages(await fetchPackages(...values), values[0].folder + '/tree');
       return 'done';`,
      ...request(),
    );
    expect(result).toBe('done');
    expect(['wine', 'other'].map((name) => readFileSync(join(target, 'tree/usr/share', name), 'utf8'))).toEqual(['1.0~a+b', '2']);
  });
});

describeSigned('the index of a mirror with newer packages', () => {
  let key: Awaited<ReturnType<typeof makeKey>>;

  beforeAll(async () => {
    await makePackages();
    key = await makeKey(folder);
  });
  afterAll(async () => {
    await key.end();
    clean();
  });
  beforeEach(begin);
  afterEach(end);

  /** Moves the mirror's suite on to the newer packages, without the old one. Returns the index's path. */
  async function moveOn(): Promise<string> {
    const stanza = ({ path, data, control }: typeof old): string =>
      `${control.trim()}\nFilename: ${path}\nSize: ${data.length}\nSHA256: ${sha256(data)}\n`;
    const index = [newer, other].map(stanza).join('\n');
    const name = 'main/binary-amd64/Packages';
    const release = [
      'Origin: Debian',
      'Suite: stable',
      'Codename: trixie',
      'Architectures: amd64',
      'Components: main',
      `Date: ${new Date(Date.now() - 3_600_000).toUTCString().replace('GMT', 'UTC')}`,
      'SHA256:',
      ` ${sha256(index)} ${Buffer.byteLength(index)} ${name}`,
    ];
    mirror.files.set('dists/trixie/InRelease', [await key.sign(`${release.join('\n')}\n`)]);
    mirror.files.set(`dists/trixie/${name}`, [index]);
    for (const each of [newer, other]) mirror.files.set(each.path, [each.data]);
    return `dists/trixie/${name}`;
  }

  test('names the packages to fetch instead of the pinned ones', async () => {
    await moveOn();
    const { error, result } = await fetchAll({ pinned: [old], keyring: key.keyring });
    expect(error).toBeUndefined();
    expect((result as string[]).map((file) => file.split('/').at(-1)).sort()).toEqual(['other_2_amd64.deb', 'wine_1.1_amd64.deb']);
    expectOnly(newer, other);
  });

  test('is requested first if nothing is pinned', async () => {
    await moveOn();
    expect((await fetchAll({ pinned: undefined, keyring: key.keyring })).error).toBeUndefined();
    expect(requestsFor(old.path)).toBe(0);
    expectOnly(newer, other);
  });

  test('is fetched again while it does not match its signed release', async () => {
    const index = await moveOn();
    mirror.files.set(index, [noise, ...mirror.files.get(index)!]);
    expect((await fetchAll({ pinned: [old], keyring: key.keyring })).error).toBeUndefined();
    expectOnly(newer, other);
  });

  test('is rejected if it never matches its signed release', async () => {
    mirror.files.set(await moveOn(), [noise]);
    expect((await fetchAll({ pinned: [old], keyring: key.keyring })).error).toMatchObject({ name: 'Unavailable' });
    expectOnly();
  });

  test('is rejected if it was signed with another key', async () => {
    await moveOn();
    const strangerFolder = join(folder, 'stranger');
    mkdirSync(strangerFolder);
    const stranger = await makeKey(strangerFolder);
    try {
      expect((await fetchAll({ pinned: [old], keyring: stranger.keyring })).error).toMatchObject({ name: 'Unavailable' });
      expectOnly();
    } finally {
      await stranger.end();
    }
  });

  test('has the hashes that packages must match: wrong bytes are rejected', async () => {
    await moveOn();
    mirror.files.set(newer.path, [Buffer.alloc(newer.data.length)]);
    expect((await fetchAll({ pinned: [old], keyring: key.keyring })).error).toMatchObject({ name: 'Unavailable' });
    expectOnly();
  });
});
