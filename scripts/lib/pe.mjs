// Reads a Windows DLL or program (a PE file). pe-library reads the headers and the sections. This file follows the data
// directories into the sections: imports, exports, debug entries and the load configuration.

import { StepError } from './log.mjs';

// Sizes and offsets from Microsoft's "PE Format" and winnt.h. GuardFlags has one offset for each pointer size.
const IMPORT_DESCRIPTOR = { size: 20, name: 12 };
const DELAY_DESCRIPTOR = { size: 32, name: 4 };
const EXPORT_DIRECTORY = { nameCount: 24, names: 32 };
const DEBUG_ENTRY = { size: 28, type: 12, dataSize: 16, address: 20 };
const GUARD_FLAGS = { 32: 88, 64: 144 };
const RSDS_PATH = 24;

const CODE_VIEW = 2;
const EX_DLL_CHARACTERISTICS = 20;

/** A file's bytes by their address in memory, relative to the image base. */
class Image {
  #executable;
  #directories;

  constructor({ NtExecutable, Format }, data) {
    const copy = Uint8Array.from(data).buffer;
    // Wine's DLLs have symbols. pe-library rejects files with symbols, and nothing here needs them.
    Format.ImageNtHeaders.from(copy, Format.ImageDosHeader.from(copy).newHeaderAddress).fileHeader.numberOfSymbols = 0;
    this.#executable = NtExecutable.from(copy, { ignoreCert: true });
    this.#directories = Format.ImageDirectoryEntry;
  }

  get headers() {
    return this.#executable.newHeader;
  }

  /** Everything before the section headers. */
  get start() {
    return Buffer.from(this.#executable.getRawHeader());
  }

  get bits() {
    return this.#executable.is32bit() ? 32 : 64;
  }

  /** The bytes from an address to the end of its section. */
  at(address) {
    const holds = ({ info, data }) => data && address >= info.virtualAddress && address < info.virtualAddress + data.byteLength;
    const section = this.#executable.getAllSections().find(holds);
    if (!section) throw new RangeError(`no section has the address 0x${address.toString(16)}`);
    return Buffer.from(section.data, address - section.info.virtualAddress);
  }

  text(address) {
    const data = this.at(address);
    return data.toString('latin1', 0, data.indexOf(0));
  }

  /** The data that a data directory points to, or undefined. */
  directory(name) {
    const index = this.#directories[name];
    const { optionalHeader, optionalHeaderDataDirectory } = this.headers;
    if (index >= optionalHeader.numberOfRvaAndSizes) return undefined;
    const { virtualAddress, size } = optionalHeaderDataDirectory.get(index);
    return virtualAddress === 0 ? undefined : { data: this.at(virtualAddress), size };
  }
}

/** The DLL names in a list of descriptors. A descriptor without a name ends the list. */
function dllNames(image, directory, { size, name }) {
  const data = image.directory(directory)?.data;
  const names = [];
  for (let at = name; data && data.readUInt32LE(at) !== 0; at += size) names.push(image.text(data.readUInt32LE(at)));
  return names;
}

/** The exported names, sorted as in the file. */
function exportedNames(image) {
  const data = image.directory('Export')?.data;
  const count = data?.readUInt32LE(EXPORT_DIRECTORY.nameCount) ?? 0;
  if (count === 0) return [];
  const names = image.at(data.readUInt32LE(EXPORT_DIRECTORY.names));
  return Array.from({ length: count }, (_, index) => image.text(names.readUInt32LE(index * 4)));
}

/** The debug entries' data, by type. */
function debugEntries(image) {
  const { data, size } = image.directory('Debug') ?? { size: 0 };
  const entries = new Map();
  for (let at = 0; at < size; at += DEBUG_ENTRY.size) {
    const address = data.readUInt32LE(at + DEBUG_ENTRY.address);
    if (address === 0) continue;
    const content = image.at(address).subarray(0, data.readUInt32LE(at + DEBUG_ENTRY.dataSize));
    entries.set(data.readUInt32LE(at + DEBUG_ENTRY.type), content);
  }
  return entries;
}

/** The path of the debug information, as the linker wrote it into the file. */
function pdbPath(codeView) {
  if (codeView?.toString('latin1', 0, 4) !== 'RSDS') return undefined;
  return codeView.toString('utf8', RSDS_PATH).replace(/\0.*$/s, '');
}

/** 0 if the linker was too old to write this field: the structure starts with its own size. */
function guardFlags(image) {
  const data = image.directory('LoadConfig')?.data;
  const at = GUARD_FLAGS[image.bits];
  return data && data.readUInt32LE(0) >= at + 4 ? data.readUInt32LE(at) : 0;
}

/** Microsoft's linker lists the compilers after the DOS header: from "DanS", masked by a key, to "Rich" and the key. */
function hasRichHeader(start) {
  const end = start.indexOf('Rich', 0x40, 'latin1');
  if (end < 0) return false;
  const first = Buffer.from('DanS', 'latin1');
  first.writeInt32LE(first.readInt32LE(0) ^ start.readInt32LE(end + 4));
  const at = start.indexOf(first, 0x40);
  return at >= 0 && at < end;
}

/**
 * @typedef {object} Pe
 * @property {number} machine the architecture, one of IMAGE_FILE_MACHINE_*
 * @property {32 | 64} bits
 * @property {number} linkerVersion the linker's major version
 * @property {boolean} rich whether the file has the list of compilers that only Microsoft's linker writes
 * @property {number} characteristics IMAGE_DLLCHARACTERISTICS_*
 * @property {number} extendedCharacteristics IMAGE_DLLCHARACTERISTICS_EX_*
 * @property {number} guardFlags IMAGE_GUARD_*
 * @property {string[]} imports the DLLs that Windows loads with this file
 * @property {string[]} delayImports the DLLs that are loaded at the first call of one of their functions
 * @property {string[]} exports
 * @property {string | undefined} pdb the path of the debug information
 */

/**
 * Reads a PE file.
 * @param {Buffer} data
 * @param {string} name the file's name, for the error
 * @returns {Promise<Pe>}
 */
export async function readPe(data, name) {
  // Imported late, because the package may have to be installed first.
  const library = await import('pe-library');
  try {
    const image = new Image(library, data);
    const { fileHeader, optionalHeader } = image.headers;
    const debug = debugEntries(image);
    return {
      machine: fileHeader.machine,
      bits: image.bits,
      linkerVersion: optionalHeader.majorLinkerVersion,
      rich: hasRichHeader(image.start),
      characteristics: optionalHeader.dllCharacteristics,
      extendedCharacteristics: debug.get(EX_DLL_CHARACTERISTICS)?.readUInt32LE(0) ?? 0,
      guardFlags: guardFlags(image),
      imports: dllNames(image, 'Import', IMPORT_DESCRIPTOR),
      delayImports: dllNames(image, 'DelayImport', DELAY_DESCRIPTOR),
      exports: exportedNames(image),
      pdb: pdbPath(debug.get(CODE_VIEW)),
    };
  } catch (error) {
    throw new StepError(`${name} is not a Windows DLL: ${error.message}.`);
  }
}
