// The names that a Windows DLL exports, read from its file.

/** Where a section of the file is put in memory. */
interface Section {
  address: number;
  size: number;
  offset: number;
}

const OPTIONAL_HEADER = 24; // behind "PE\0\0" and the file header
const PE32_PLUS = 0x20b;

/** The names in the export directory of a PE file, in its own order, which is by name. */
export function exportedNames(file: Buffer): string[] {
  const header = file.readUInt32LE(0x3c);
  if (file.toString('latin1', 0, 2) !== 'MZ' || file.toString('latin1', header, header + 4) !== 'PE\0\0')
    throw new Error('This is no PE file.');
  const optional = header + OPTIONAL_HEADER;
  const directories = optional + (file.readUInt16LE(optional) === PE32_PLUS ? 112 : 96);
  const sections = sectionsOf(file, header + 6, optional + file.readUInt16LE(header + 20));
  const place = (address: number): number => {
    const section = sections.find((each) => address >= each.address && address < each.address + each.size);
    if (!section) throw new Error(`No section of the file has the address ${address}.`);
    return address - section.address + section.offset;
  };
  // The export directory is the first one; address 0 is none.
  const address = file.readUInt32LE(directories);
  if (address === 0) return [];
  const directory = place(address);
  const count = file.readUInt32LE(directory + 24);
  const names = count === 0 ? 0 : place(file.readUInt32LE(directory + 32));
  return Array.from({ length: count }, (_, index) => {
    const start = place(file.readUInt32LE(names + index * 4));
    return file.toString('latin1', start, file.indexOf(0, start));
  });
}

function sectionsOf(file: Buffer, countAt: number, tableAt: number): Section[] {
  return Array.from({ length: file.readUInt16LE(countAt) }, (_, index) => {
    const at = tableAt + index * 40;
    const [virtualSize, address, rawSize, offset] = [8, 12, 16, 20].map((field) => file.readUInt32LE(at + field)) as [
      number,
      number,
      number,
      number,
    ];
    return { address, size: Math.max(virtualSize, rawSize), offset };
  });
}
