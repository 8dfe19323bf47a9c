// How the scripts fetch Debian packages from a mirror on a bad day: it is stale, slow, cut off, or serves other bytes.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { makeFolder, removeFolder } from '../support/folders';
import { importable, runModule } from '../support/host';
import { type Mirror, makeKey, makePackage, sha256, startMirror } from '../support/mirror';

// They are fetched by apt, on Debian. In Wine, the Windows Node sees the same files and cannot run them.
const has = (...programs: string[]): boolean => process.platform === 'linux' && programs.every((program) => existsSync(program));
const describeDebian = has('/usr/lib/apt/apt-helper', '/usr/bin/dpkg-deb') ? describe : describe.skip;
// Not every Debian has the program that signs an index.
const describeSigned = has('/usr/lib/apt/apt-helper', '/usr/bin/gpg') ? describe : describe.skip;

const noise = Buffer.alloc(20_000, 'noise');

let folder: string;
let old: Awaited<ReturnType<typeof makePackage>>;
let young: typeof old;
let other: typeof old;
let mirror: Mirror;
let target: string;

const packages = async (): Promise<void> => {
  folder = makeFolder('mirror');
  old = await makePackage(folder, 'wine', '1.0~a+b');
  young = await makePackage(folder, 'wine', '1.1');
  other = await makePackage(folder, 'other', '2');
};
const clean = (): void => removeFolder(folder);

const begin = async (): Promise<void> => {
  mirror = await startMirror();
  target = mkdtempSync(join(folder, 'target-'));
};
const end = (): Promise<void> => mirror.close();

/** The arguments of fetchPackages: one package or two, little patience. */
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
const fetchThem = (options?: Parameters<typeof request>[0]): ReturnType<typeof runModule> =>
  runModule(`${source} return fetchPackages(...values);`, ...request(options));

const asked = (path: string): number => mirror.requests.filter((each) => each === path).length;

/** Only what was checked has a name of its own. */
function expectOnly(...expected: (typeof old)[]): void {
  const names = readdirSync(target, { withFileTypes: true }).filter((entry) => entry.isFile());
  const files = Object.fromEntries(names.map(({ name }) => [name, sha256(readFileSync(join(target, name)))]));
  expect(files).toEqual(Object.fromEntries(expected.map(({ path, data }) => [path.split('/').at(-1), sha256(data)])));
}

describeDebian('pinned packages', () => {
  beforeAll(packages);
  afterAll(clean);
  beforeEach(async () => {
    await begin();
    for (const each of [old, other]) mirror.files.set(each.path, [each.data]);
  });
  afterEach(end);

  test('are fetched from the pool, and no index is asked for', async () => {
    const { result } = await fetchThem();
    expect(result).toEqual([old, other].map(({ path }) => join(target, path.split('/').at(-1)!)));
    expectOnly(old, other);
    expect([...mirror.requests].sort()).toEqual([old.path, other.path].sort());
  });

  test('are fetched again after a connection that was cut off', async () => {
    mirror.files.set(old.path, [{ half: old.data, ending: 'end' }, { half: old.data, ending: 'end' }, old.data]);
    expect((await fetchThem()).error).toBeUndefined();
    expectOnly(old, other);
    expect(asked(old.path)).toBe(3);
  });

  test('are fetched again after a connection that fell silent', async () => {
    mirror.files.set(old.path, [{ half: old.data, ending: 'silence' }, old.data]);
    const { error, stderr } = await fetchThem({ within: 1_000, attempts: 8 });
    expect(error).toBeUndefined();
    expect(stderr).toContain('It did not get on, and was ended.: again in');
    expectOnly(old, other);
  });

  test('are fetched again after an error of the server', async () => {
    mirror.files.set(old.path, [503, old.data]);
    expect((await fetchThem()).error).toBeUndefined();
    expectOnly(old, other);
  });

  test('with other bytes are not taken, and the next answer may be right', async () => {
    mirror.files.set(old.path, [Buffer.alloc(old.data.length), old.data]);
    expect((await fetchThem()).error).toBeUndefined();
    expectOnly(old, other);
  });

  test('with other bytes are never taken', async () => {
    mirror.files.set(old.path, [young.data]);
    const { error, stderr } = await fetchThem({ pinned: [old] });
    expect(error).toMatchObject({ name: 'Unavailable' });
    expect(stderr).toContain('does not have the SHA-256 of scripts/pins.json');
    expect(asked(old.path)).toBe(3);
    expectOnly();
  });

  test('that are gone are asked for once, then the index is', async () => {
    mirror.files.delete(old.path);
    const { error } = await fetchThem({ pinned: [old] });
    // There is none either.
    expect(error).toMatchObject({ name: 'Unavailable', help: expect.stringContaining('mirror') });
    expect(asked(old.path)).toBe(1);
    expect(asked('dists/trixie/InRelease')).toBe(3);
    expectOnly();
  });

  test('of a run that was ended halfway do not spoil the next', async () => {
    mirror.files.set(old.path, [{ half: old.data, ending: 'silence' }, old.data]);
    const code = `const values = JSON.parse(process.argv[1]); ${source} await fetchPackages(...values);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', code, JSON.stringify(request())], { stdio: 'ignore' });
    const name = old.path.split('/').at(-1);
    const halfway = (): boolean => readdirSync(target).some((entry) => existsSync(join(target, entry, name!)));
    while (!halfway()) await new Promise((resolve) => setTimeout(resolve, 10));
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect((await fetchThem()).error).toBeUndefined();
    expectOnly(old, other);
  });

  test('that are there already are not fetched again', async () => {
    await fetchThem();
    mirror.requests.length = 0;
    expect((await fetchThem()).error).toBeUndefined();
    expect(mirror.requests).toEqual([]);
  });

  test('are unpacked into one tree', async () => {
    await fetchThem();
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

describeSigned('the index, where the mirror has other versions', () => {
  let key: Awaited<ReturnType<typeof makeKey>>;

  beforeAll(async () => {
    await packages();
    key = await makeKey(folder);
  });
  afterAll(async () => {
    await key.end();
    clean();
  });
  beforeEach(begin);
  afterEach(end);

  /** The mirror after the suite has moved on: the old package is gone. */
  async function moveOn(): Promise<string> {
    const stanza = ({ path, data, control }: typeof old): string =>
      `${control.trim()}\nFilename: ${path}\nSize: ${data.length}\nSHA256: ${sha256(data)}\n`;
    const index = [young, other].map(stanza).join('\n');
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
    for (const each of [young, other]) mirror.files.set(each.path, [each.data]);
    return `dists/trixie/${name}`;
  }

  test('gives them', async () => {
    await moveOn();
    const { error, result } = await fetchThem({ pinned: [old], keyring: key.keyring });
    expect(error).toBeUndefined();
    expect((result as string[]).map((file) => file.split('/').at(-1)).sort()).toEqual(['other_2_amd64.deb', 'wine_1.1_amd64.deb']);
    expectOnly(young, other);
  });

  test('is asked at once where nothing is pinned', async () => {
    await moveOn();
    expect((await fetchThem({ pinned: undefined, keyring: key.keyring })).error).toBeUndefined();
    expect(asked(old.path)).toBe(0);
    expectOnly(young, other);
  });

  test('is asked again while it does not match its signed release', async () => {
    const index = await moveOn();
    mirror.files.set(index, [noise, ...mirror.files.get(index)!]);
    expect((await fetchThem({ pinned: [old], keyring: key.keyring })).error).toBeUndefined();
    expectOnly(young, other);
  });

  test('is not taken when it never matches', async () => {
    mirror.files.set(await moveOn(), [noise]);
    expect((await fetchThem({ pinned: [old], keyring: key.keyring })).error).toMatchObject({ name: 'Unavailable' });
    expectOnly();
  });

  test("is not taken with a stranger's signature", async () => {
    await moveOn();
    const strangers = join(folder, 'stranger');
    mkdirSync(strangers);
    const stranger = await makeKey(strangers);
    try {
      expect((await fetchThem({ pinned: [old], keyring: stranger.keyring })).error).toMatchObject({ name: 'Unavailable' });
      expectOnly();
    } finally {
      await stranger.end();
    }
  });

  test('is believed, not the bytes: others are not taken', async () => {
    await moveOn();
    mirror.files.set(young.path, [Buffer.alloc(young.data.length)]);
    expect((await fetchThem({ pinned: [old], keyring: key.keyring })).error).toMatchObject({ name: 'Unavailable' });
    expectOnly();
  });
});
