// Executables that scripts and tests run, from pinned npm packages: the Windows Nodes, Bun and Deno.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { StepError, step } from './log.mjs';
import { npm } from './packages.mjs';
import { alignToPages } from './page-align.mjs';
import { once } from './parallel.mjs';
import { cache, withLock, withTemporaryFolder } from './paths.mjs';
import { run } from './run.mjs';

function verify(file, expected, name) {
  const actual = `sha512-${createHash('sha512').update(readFileSync(file)).digest('base64')}`;
  if (actual === expected) return;
  throw new StepError(
    `${name} does not have the pinned hash.\n  expected ${expected}\n  got      ${actual}`,
    'do not use this download; find out why it changed before you change scripts/pins.json',
  );
}

/** Downloads and verifies a package's executable, unless it is there. */
async function fetchExecutable({ package: name, integrity, file }, folder) {
  const exe = join(folder, basename(file));
  if (!existsSync(exe)) {
    await step(`Fetch ${name}`, () =>
      // In the cache folder, so that the file can be renamed into place.
      withTemporaryFolder(async (temporary) => {
        await npm(['pack', name, '--silent', '--pack-destination', temporary], temporary);
        const [tarball] = readdirSync(temporary);
        verify(join(temporary, tarball), integrity, name);
        // Relative names, because tar would take the drive letter of a Windows path for a host name.
        await run('tar', ['-xzf', tarball, `package/${file}`], { cwd: temporary });
        mkdirSync(folder, { recursive: true });
        renameSync(join(temporary, 'package', file), exe);
      }, cache),
    );
  }
  return exe;
}

/** Writes the copy of a Windows program that starts faster in Wine. */
function writeAligned(exe, aligned) {
  mkdirSync(dirname(aligned), { recursive: true });
  writeFileSync(`${aligned}.part`, alignToPages(readFileSync(exe)));
  renameSync(`${aligned}.part`, aligned);
}

/**
 * Returns the path of a package's executable, and downloads and verifies it on first use.
 * @param {{ package: string, integrity: string, file: string }} pinned `file` is the executable's path in the package
 */
export const ensureProgram = once(async (pinned) => {
  const name = basename(pinned.file);
  const folder = join(cache, pinned.package.replace(/^@/, '').replace('/', '-').replace('@', '-'));
  const aligned = join(folder, 'page-aligned', name);
  const exe = process.platform !== 'win32' && name.endsWith('.exe') ? aligned : join(folder, name);
  if (existsSync(exe)) return exe;
  await withLock(basename(folder), async () => {
    const fetched = await fetchExecutable(pinned, folder);
    if (exe === aligned && !existsSync(aligned)) writeAligned(fetched, aligned);
  });
  return exe;
});
