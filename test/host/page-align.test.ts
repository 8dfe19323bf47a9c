// The copies of node.exe that run in Wine.

import { expect, test } from '@jest/globals';
import { importable, runModule } from '../support/host';

interface Aligned {
  before: unknown;
  after: unknown;
  /** The sections' places in the file. */
  places: number[];
  /** Whether each section starts with what it had before. */
  same: boolean[];
  /** What is at the place in the file that the first debug entry has. */
  debug: string;
}

test.each(['x64', 'ia32', 'arm64'])('a %s program with page-aligned sections is the same program', async (arch) => {
  const { result, error } = await runModule(
    `import { alignToPages } from ${importable('scripts/lib/page-align.mjs')};
    import { readPe } from ${importable('scripts/lib/pe.mjs')};
    import { makeAddon } from ${importable('test/host/make-addon.mjs')};
    import { NtExecutable } from 'pe-library';
    const original = makeAddon(values[0], {});
    const aligned = alignToPages(original);
    const executables = [original, aligned].map((file) => NtExecutable.from(Uint8Array.from(file).buffer, { ignoreCert: true }));
    const [before, after] = executables.map((each) => each.getAllSections().filter(({ data }) => data));
    const { virtualAddress } = executables[1].newHeader.optionalHeaderDataDirectory.get(6);
    const { info, data } = after.find(({ info }) => virtualAddress >= info.virtualAddress && virtualAddress < info.virtualAddress + info.sizeOfRawData);
    const place = Buffer.from(data).readUInt32LE(virtualAddress - info.virtualAddress + 24);
    return {
      before: await readPe(original, 'before'),
      after: await readPe(aligned, 'after'),
      places: after.map(({ info }) => info.pointerToRawData),
      same: before.map(({ data }, index) => Buffer.from(after[index].data, 0, 16).equals(Buffer.from(data, 0, 16))),
      debug: aligned.toString('latin1', place, place + 4),
    };`,
    arch,
  );
  if (error) throw new Error(error.message);
  const { before, after, places, same, debug } = result as Aligned;
  expect(after).toEqual(before);
  expect(places.length).toBeGreaterThan(0);
  expect(places.filter((place) => place % 4096 !== 0)).toEqual([]);
  expect(same).not.toContain(false);
  expect(debug).toBe('RSDS');
});
