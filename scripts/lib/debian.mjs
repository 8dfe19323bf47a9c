// Debian packages without root: an apt with folders of its own downloads them for a chosen suite, dpkg-deb unpacks
// them into a tree in the cache. The mirror is whichever one the machine's own sources name.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StepError } from './log.mjs';
import { run, tryOutput } from './run.mjs';

const KEYRINGS = ['/usr/share/keyrings/debian-archive-keyring.pgp', '/usr/share/keyrings/debian-archive-keyring.gpg'];

/** `{ codename, mirror, keyring }` of a Debian machine with apt, otherwise undefined. */
async function describeDebian() {
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  const codename = /^VERSION_CODENAME=(\S+)$/m.exec(release)?.[1];
  const keyring = KEYRINGS.find((file) => existsSync(file));
  if (!/^ID=debian$/m.test(release) || !codename || !keyring) return undefined;
  const targets = await tryOutput('apt-get', ['indextargets', '--format', '$(RELEASE) $(REPO_URI)', 'Created-By: Packages']);
  const mirror = targets
    ?.split('\n')
    .map((line) => line.split(' '))
    .find(([suite, uri]) => suite === codename && /\/debian\/?$/.test(uri))?.[1];
  return mirror && { codename, mirror, keyring };
}

/**
 * Downloads just the named packages, without what they depend on, and unpacks them.
 * @param {{ suite: string, architectures: string[], packages: string[], state: string, tree: string }} options
 */
export async function unpackDebianPackages({ suite, architectures, packages, state, tree }) {
  const debian = await describeDebian();
  if (!debian) throw new StepError('This machine is not a Debian with apt, so its packages cannot be fetched from here.');

  for (const folder of ['etc/apt.conf.d', 'etc/preferences.d', 'etc/sources.list.d', 'state/lists/partial', 'cache/archives/partial']) {
    mkdirSync(join(state, folder), { recursive: true });
  }
  writeFileSync(join(state, 'status'), '');
  writeFileSync(
    join(state, 'etc/sources.list.d/debian.sources'),
    `Types: deb\nURIs: ${debian.mirror}\nSuites: ${suite}\nComponents: main\nSigned-By: ${debian.keyring}\n`,
  );
  // A proxy that the machine's apt is told to use holds for this one too.
  const proxy = ((await tryOutput('apt-config', ['dump', 'Acquire'])) ?? '').split('\n').filter((line) => /Proxy/.test(line));
  const config = join(state, 'apt.conf');
  writeFileSync(
    config,
    [
      `Dir "${state}";`,
      `Dir::State "${state}/state";`,
      `Dir::State::status "${state}/status";`,
      `Dir::Cache "${state}/cache";`,
      `Dir::Etc "${state}/etc";`,
      `APT::Architecture "${architectures[0]}";`,
      `APT::Architectures { ${architectures.map((name) => `"${name}";`).join(' ')} };`,
      'APT::Sandbox::User "root";',
      'Acquire::Languages "none";',
      'Acquire::Retries "3";',
      ...proxy,
      '',
    ].join('\n'),
  );
  const env = { ...process.env, APT_CONFIG: config, DEBIAN_FRONTEND: 'noninteractive' };
  const help = "check that apt reaches the machine's Debian mirror, then run the command again";
  await run('apt-get', ['update'], { env, help });
  const archives = join(state, 'archives');
  mkdirSync(archives, { recursive: true });
  await run('apt-get', ['download', ...packages], { cwd: archives, env, help });
  mkdirSync(tree, { recursive: true });
  for (const file of readdirSync(archives)) await run('dpkg-deb', ['-x', join(archives, file), tree]);
  rmSync(state, { recursive: true });
}
