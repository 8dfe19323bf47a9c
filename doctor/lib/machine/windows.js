// Calls Windows functions that rtworkq does not wrap, through koffi. Results are read from buffers. If koffi or a function is
// missing, the call throws.

import { createRequire } from 'node:module';
import { guidOf, powerOf, textOf, throttlingOf, tickOf } from './decode.js';

const PROCESS_POWER_THROTTLING = 4;
const CURRENT_PROCESS = -1;
const LOCAL_MACHINE = -2147483646;
const ALLOW_TEXT = 0x2;
const ALLOW_NUMBER = 0x10;
const REMOTE_SESSION = 0x1000;
const GUID_BYTES = 16;
const MAX_BYTES = 1024;

const PROTOTYPES = {
  ntdll: ['int __stdcall NtQueryTimerResolution(void *coarsest, void *finest, void *current)'],
  kernel32: [
    'void __stdcall RtlMoveMemory(void *to, intptr_t from, size_t bytes)',
    'int __stdcall GetSystemPowerStatus(void *status)',
    'int __stdcall GetProcessInformation(intptr_t process, int kind, void *information, uint32_t bytes)',
    'intptr_t __stdcall GetModuleHandleW(str16 name)',
    'intptr_t __stdcall GetProcAddress(intptr_t module, str name)',
    'intptr_t __stdcall LocalFree(intptr_t memory)',
  ],
  user32: ['int __stdcall GetSystemMetrics(int index)'],
  advapi32: ['int __stdcall RegGetValueW(intptr_t key, str16 path, str16 name, uint32_t flags, void *type, void *data, void *bytes)'],
  powrprof: [
    'uint32_t __stdcall PowerGetActiveScheme(void *key, void *scheme)',
    'uint32_t __stdcall PowerReadFriendlyName(void *key, void *scheme, void *group, void *setting, void *name, void *bytes)',
  ],
};

let koffi;
const libraries = new Map();
const functions = new Map();

/** A Windows function, loaded on first use. */
function windows(name) {
  if (process.platform !== 'win32') throw new Error('only available on Windows');
  if (!functions.has(name)) {
    const [library, prototypes] = Object.entries(PROTOTYPES).find(([, each]) => each.some((text) => text.includes(` ${name}(`)));
    // Loaded here, so that everything else works on systems that koffi does not support.
    koffi ??= createRequire(import.meta.url)('koffi');
    if (!libraries.has(library)) libraries.set(library, koffi.load(`${library}.dll`));
    functions.set(name, libraries.get(library).func(prototypes.find((text) => text.includes(` ${name}(`))));
  }
  return functions.get(name);
}

function fail(name, code) {
  throw new Error(`${name} failed${code === undefined ? '' : ` (${code})`}`);
}

function registryValue(path, name, flags) {
  const data = Buffer.alloc(MAX_BYTES);
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(data.length);
  const code = windows('RegGetValueW')(LOCAL_MACHINE, path, name, flags, null, data, bytes);
  return code === 0 ? { data, bytes: bytes.readUInt32LE() } : undefined;
}

/** A text value below HKEY_LOCAL_MACHINE; undefined if it does not exist. */
export function registryText(path, name) {
  const value = registryValue(path, name, ALLOW_TEXT);
  return value && textOf(value.data, value.bytes);
}

/** A number below HKEY_LOCAL_MACHINE; undefined if it does not exist. */
export const registryNumber = (path, name) => registryValue(path, name, ALLOW_NUMBER)?.data.readUInt32LE();

/** The Windows timer tick in milliseconds: its range and its current value. */
export function timerResolution() {
  const [coarsest, finest, current] = [Buffer.alloc(4), Buffer.alloc(4), Buffer.alloc(4)];
  const status = windows('NtQueryTimerResolution')(coarsest, finest, current);
  if (status < 0) fail('NtQueryTimerResolution', status);
  return { coarsest: tickOf(coarsest), finest: tickOf(finest), current: tickOf(current) };
}

/** The machine's power source. */
export function powerSource() {
  const status = Buffer.alloc(12);
  if (!windows('GetSystemPowerStatus')(status)) fail('GetSystemPowerStatus');
  return powerOf(status);
}

/** The active power plan. */
export function powerPlan() {
  const pointer = Buffer.alloc(8);
  const code = windows('PowerGetActiveScheme')(null, pointer);
  if (code !== 0) fail('PowerGetActiveScheme', code);
  const address = pointer.readBigInt64LE();
  if (address === 0n) fail('PowerGetActiveScheme');
  const scheme = Buffer.alloc(GUID_BYTES);
  windows('RtlMoveMemory')(scheme, address, GUID_BYTES);
  windows('LocalFree')(address);
  return { id: guidOf(scheme), name: planName(scheme) };
}

function planName(scheme) {
  const name = Buffer.alloc(MAX_BYTES);
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(name.length);
  const code = windows('PowerReadFriendlyName')(null, scheme, null, null, name, bytes);
  return code === 0 ? textOf(name, bytes.readUInt32LE()) : undefined;
}

/** How Windows may throttle this process to save power. */
export function powerThrottling() {
  const state = Buffer.alloc(12);
  state.writeUInt32LE(1);
  const done = windows('GetProcessInformation')(CURRENT_PROCESS, PROCESS_POWER_THROTTLING, state, state.length);
  if (!done) fail('GetProcessInformation');
  return throttlingOf(state);
}

export const isRemoteSession = () => windows('GetSystemMetrics')(REMOTE_SESSION) !== 0;

/** The names that the loaded RTWorkQ.dll does not export. @param {string[]} names */
export function missingExports(names) {
  const module = windows('GetModuleHandleW')('RTWorkQ.dll');
  if (!module) fail('GetModuleHandleW');
  return names.filter((name) => !windows('GetProcAddress')(module, name));
}
