// Makes addons for the tests of publishing: PE files with everything that scripts/check-prebuilds.mjs checks, and no code. With
// the defaults an addon can be published; change a property, and it cannot. pe-library writes the headers and sections, and
// this file writes the data that the directories point to.

import { Format, NtExecutable } from 'pe-library';

const ARCHITECTURES = {
  x64: { machine: 0x8664, bits: 64, characteristics: 0x4160 },
  arm64: { machine: 0xaa64, bits: 64, characteristics: 0x4160 },
  ia32: { machine: 0x014c, bits: 32, characteristics: 0x4140 },
};

/**
 * @typedef {object} Properties
 * @property {number} machine
 * @property {number} linkerVersion
 * @property {boolean} rich whether it has the list of compilers that only Microsoft's linker writes
 * @property {number} characteristics
 * @property {number | null} extendedCharacteristics
 * @property {number | null} guardFlags
 * @property {string[]} imports
 * @property {string[]} delayImports
 * @property {string[]} exports
 * @property {string | null} pdb
 * @property {Buffer} text any other bytes of the file
 */

/** @returns {Properties} as MSVC builds an addon with our common.gypi */
const published = (arch) => ({
  machine: ARCHITECTURES[arch].machine,
  linkerVersion: 14,
  rich: true,
  characteristics: ARCHITECTURES[arch].characteristics,
  extendedCharacteristics: arch === 'x64' ? 1 : null,
  // What Visual Studio 2022 writes with /guard:cf.
  guardFlags: 0x10017500,
  imports: ['KERNEL32.dll', 'ADVAPI32.dll'],
  delayImports: ['node.exe'],
  exports: ['napi_register_module_v1', 'node_api_module_get_api_version_v1'],
  pdb: 'rtworkq.pdb',
  text: Buffer.alloc(0),
});

/** The bytes of a section under construction. */
class Section {
  #bytes = Buffer.alloc(0x2000);
  #end = 0;
  #start;

  constructor(start) {
    this.#start = start;
  }

  /** Adds bytes and returns their address. */
  add(bytes) {
    const at = this.#end;
    bytes.copy(this.#bytes, at);
    this.#end = (at + bytes.length + 7) & ~7;
    return this.#start + at;
  }

  text(string) {
    return this.add(Buffer.from(`${string}\0`));
  }

  /** Adds records of equal size. Each gives some of its 32-bit fields, by offset. */
  records(size, fields) {
    const bytes = Buffer.alloc(size * fields.length);
    fields.forEach((record, index) => {
      for (const [offset, value] of Object.entries(record)) bytes.writeUInt32LE(value, index * size + Number(offset));
    });
    return { virtualAddress: this.add(bytes), size: bytes.length };
  }

  get data() {
    return Uint8Array.from(this.#bytes).buffer;
  }
}

/** An addon's directories, by name. */
function directories(section, bits, properties) {
  const { imports, delayImports, exports, guardFlags, pdb, extendedCharacteristics } = properties;
  const debug = [];
  if (pdb !== null) debug.push([2, Buffer.concat([Buffer.from('RSDS'), Buffer.alloc(20, 1), Buffer.from(`${pdb}\0`)])]);
  if (extendedCharacteristics !== null) debug.push([20, Buffer.from([extendedCharacteristics, 0, 0, 0])]);
  const names = section.records(
    4,
    exports.map((name) => ({ 0: section.text(name) })),
  );
  const loadConfig = bits === 64 ? { size: 0x140, guardFlags: 144 } : { size: 0xc0, guardFlags: 88 };
  return {
    Import: section.records(20, [...imports.map((name) => ({ 12: section.text(name) })), {}]),
    DelayImport: delayImports.length > 0 && section.records(32, [...delayImports.map((name) => ({ 0: 1, 4: section.text(name) })), {}]),
    Export: section.records(40, [{ 24: exports.length, 32: names.virtualAddress }]),
    Debug: section.records(
      28,
      debug.map(([type, bytes]) => ({ 12: type, 16: bytes.length, 20: section.add(bytes) })),
    ),
    LoadConfig: guardFlags !== null && section.records(loadConfig.size, [{ 0: loadConfig.size, [loadConfig.guardFlags]: guardFlags }]),
  };
}

/** Writes, between the DOS and PE headers: "DanS", three empty words and one compiler, masked; then "Rich" and the mask. */
function writeRichHeader(header) {
  const mask = 0x12345678;
  const masked = [Buffer.from('DanS').readInt32LE(0), 0, 0, 0, 0x01058ac1, 1].map((word) => word ^ mask);
  const words = Int32Array.from([...masked, Buffer.from('Rich').readInt32LE(0), mask]);
  Buffer.from(header).set(Buffer.from(words.buffer), 0x40);
}

/**
 * @param {keyof typeof ARCHITECTURES} arch
 * @param {Partial<Properties>} [changes]
 * @returns {Buffer}
 */
export function makeAddon(arch, changes = {}) {
  const properties = { ...published(arch), ...changes };
  const { bits } = ARCHITECTURES[arch];
  const executable = NtExecutable.createEmpty(bits === 32);
  const { fileHeader, optionalHeader, optionalHeaderDataDirectory } = executable.newHeader;
  fileHeader.machine = properties.machine;
  optionalHeader.majorLinkerVersion = properties.linkerVersion;
  optionalHeader.dllCharacteristics = properties.characteristics;
  if (properties.rich) writeRichHeader(executable.getRawHeader());

  const section = new Section(optionalHeader.baseOfCode);
  const found = directories(section, bits, properties);
  section.add(properties.text);
  const info = {
    name: '.rdata',
    virtualSize: section.data.byteLength,
    sizeOfRawData: section.data.byteLength,
    characteristics: 0x40000040,
  };
  // pe-library adds a section only for a directory. All our directories share one section, so this directory's entry is cleared.
  const { Architecture, ...indexes } = Format.ImageDirectoryEntry;
  executable.setSectionByEntry(Architecture, { info, data: section.data });
  optionalHeaderDataDirectory.set(Architecture, { virtualAddress: 0, size: 0 });
  for (const [name, directory] of Object.entries(found)) if (directory) optionalHeaderDataDirectory.set(indexes[name], directory);
  return Buffer.from(executable.generate());
}
