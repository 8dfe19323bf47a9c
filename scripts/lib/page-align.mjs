// Lays out a Windows program's file so that Wine can map it. Linkers align the sections of a file to 512 bytes, and Wine copies
// such sections into memory: 90 MB for each node.exe that starts. Sections that begin at a page of the file are mapped instead,
// which halves the processor time of a start. Code, data and addresses stay as they are; only a signature is lost.

// Offsets from Microsoft's "PE Format". Those in the optional header are the same for 32 and 64 bits, up to the data directories.
const PE_OFFSET = 0x3c;
const FILE_HEADER = { sections: 2, optionalSize: 16, size: 20 };
const OPTIONAL_HEADER = { fileAlignment: 36, headersSize: 60, directories32: 96, directories64: 112 };
const MAGIC_64 = 0x20b;
const CERTIFICATE = { index: 4, size: 8 };
const DEBUG = { index: 6, entrySize: 28, address: 20, file: 24 };
const SECTION = { size: 40, address: 12, rawSize: 16, raw: 20 };
const PAGE = 4096;

const roundUp = (size) => Math.ceil(size / PAGE) * PAGE;

/**
 * @param {Buffer} file a PE file
 * @returns {Buffer} the same program, with page-aligned sections
 */
export function alignToPages(file) {
  const header = file.readUInt32LE(PE_OFFSET) + 4;
  const optional = header + FILE_HEADER.size;
  const is64 = file.readUInt16LE(optional) === MAGIC_64;
  const directories = optional + (is64 ? OPTIONAL_HEADER.directories64 : OPTIONAL_HEADER.directories32);
  const firstSection = optional + file.readUInt16LE(header + FILE_HEADER.optionalSize);
  const headersSize = file.readUInt32LE(optional + OPTIONAL_HEADER.headersSize);

  const start = Buffer.alloc(roundUp(headersSize));
  file.copy(start, 0, 0, headersSize);
  start.writeUInt32LE(PAGE, optional + OPTIONAL_HEADER.fileAlignment);
  start.writeUInt32LE(start.length, optional + OPTIONAL_HEADER.headersSize);
  // A signature is of the file as it was.
  start.fill(0, directories + CERTIFICATE.index * CERTIFICATE.size, directories + (CERTIFICATE.index + 1) * CERTIFICATE.size);

  const parts = [start];
  const moved = [];
  let end = start.length;
  for (let index = 0; index < file.readUInt16LE(header + FILE_HEADER.sections); index++) {
    const section = firstSection + index * SECTION.size;
    const [address, size, from] = [SECTION.address, SECTION.rawSize, SECTION.raw].map((field) => file.readUInt32LE(section + field));
    if (size === 0) continue;
    const part = Buffer.alloc(roundUp(size));
    file.copy(part, 0, from, from + size);
    start.writeUInt32LE(part.length, section + SECTION.rawSize);
    start.writeUInt32LE(end, section + SECTION.raw);
    moved.push({ address, size, part, to: end });
    parts.push(part);
    end += part.length;
  }
  moveDebugEntries(file, directories, moved);
  return Buffer.concat(parts);
}

/** Debug entries name their data by its place in the file too. */
function moveDebugEntries(file, directories, moved) {
  const sectionAt = (place) => moved.find(({ address, size }) => place >= address && place < address + size);
  const address = file.readUInt32LE(directories + DEBUG.index * 8);
  const size = file.readUInt32LE(directories + DEBUG.index * 8 + 4);
  const home = sectionAt(address);
  if (!home) return;
  for (let at = address - home.address; at < address - home.address + size; at += DEBUG.entrySize) {
    const data = sectionAt(home.part.readUInt32LE(at + DEBUG.address));
    if (data) home.part.writeUInt32LE(data.to + home.part.readUInt32LE(at + DEBUG.address) - data.address, at + DEBUG.file);
  }
}
