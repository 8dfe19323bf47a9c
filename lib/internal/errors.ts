// Every error that the package makes. One place turns an HRESULT into an error, one makes the errors of arguments.

import { inspect } from 'node:util';
import { later } from './later';
import type { NativeAddon, Outcome } from './native';

type KnownCode =
  | 'E_NOTIMPL'
  | 'E_NOINTERFACE'
  | 'E_POINTER'
  | 'E_ABORT'
  | 'E_FAIL'
  | 'E_UNEXPECTED'
  | 'E_ACCESSDENIED'
  | 'E_HANDLE'
  | 'E_OUTOFMEMORY'
  | 'E_INVALIDARG'
  | 'ERROR_FILE_NOT_FOUND'
  | 'ERROR_NOT_SUPPORTED'
  | 'ERROR_INVALID_NAME'
  | 'ERROR_MOD_NOT_FOUND'
  | 'ERROR_TOO_MANY_POSTS'
  | 'ERROR_SERVICE_DISABLED'
  | 'ERROR_SERVICE_NOT_ACTIVE'
  | 'ERROR_INVALID_TASK_NAME'
  | 'ERROR_INVALID_TASK_INDEX'
  | 'ERROR_THREAD_ALREADY_IN_TASK'
  | 'RTWQ_E_BUFFERTOOSMALL'
  | 'RTWQ_E_NOT_INITIALIZED'
  | 'RTWQ_E_UNEXPECTED'
  | 'RTWQ_E_NOT_FOUND'
  | 'RTWQ_E_OPERATION_CANCELLED'
  | 'RTWQ_E_INVALID_WORKQUEUE'
  | 'RTWQ_E_SHUTDOWN';

/** The name of an HRESULT: one that this package knows, or `'HRESULT_0x…'`. */
export type RtwqErrorCode = KnownCode | (string & {});

// HRESULTs by name. The text stands in where the system has none of its own.
const HRESULTS: Readonly<Record<KnownCode, readonly [hresult: number, text?: string]>> = {
  E_NOTIMPL: [0x80004001],
  E_NOINTERFACE: [0x80004002],
  E_POINTER: [0x80004003],
  E_ABORT: [0x80004004],
  E_FAIL: [0x80004005],
  E_UNEXPECTED: [0x8000ffff],
  E_ACCESSDENIED: [0x80070005],
  E_HANDLE: [0x80070006],
  E_OUTOFMEMORY: [0x8007000e],
  E_INVALIDARG: [0x80070057],
  ERROR_FILE_NOT_FOUND: [0x80070002],
  ERROR_NOT_SUPPORTED: [0x80070032],
  ERROR_INVALID_NAME: [0x8007007b],
  ERROR_MOD_NOT_FOUND: [0x8007007e],
  ERROR_TOO_MANY_POSTS: [0x8007012a],
  ERROR_SERVICE_DISABLED: [0x80070422],
  ERROR_SERVICE_NOT_ACTIVE: [0x80070426],
  ERROR_INVALID_TASK_NAME: [0x8007060e],
  ERROR_INVALID_TASK_INDEX: [0x8007060f],
  ERROR_THREAD_ALREADY_IN_TASK: [0x80070610],
  RTWQ_E_BUFFERTOOSMALL: [0xc00d36b1, 'The buffer is too small.'],
  RTWQ_E_NOT_INITIALIZED: [0xc00d36b6, 'The object is not initialized.'],
  RTWQ_E_UNEXPECTED: [0xc00d36bb, 'An unexpected error occurred.'],
  RTWQ_E_NOT_FOUND: [0xc00d36d5, 'The requested item was not found.'],
  RTWQ_E_OPERATION_CANCELLED: [0xc00d36ed, 'The operation was cancelled.'],
  RTWQ_E_INVALID_WORKQUEUE: [0xc00d36ff, 'There is no such work queue.'],
  RTWQ_E_SHUTDOWN: [0xc00d3e85, 'The platform has been shut down.'],
};

const byNumber = new Map(Object.entries(HRESULTS).map(([code, [hresult, text]]) => [hresult, { code, text }]));

// What the system's text does not say, by function and code.
const TOO_MANY_QUEUES = 'A process has room for so many work queues only (124 under Wine). Close those that are no longer needed.';
const NO_MMCSS = 'The Multimedia Class Scheduler service (MMCSS) does not run. Everything else works without it.';
const HINTS: readonly (readonly [syscall: RegExp, code: RegExp, hint: string])[] = [
  [/./, /^E_NOTIMPL$/, 'This RTWorkQ.dll does not have it: the Windows is too old, or it is Wine.'],
  [/^RtwqAllocate/, /^E_(OUTOFMEMORY|FAIL)$/, TOO_MANY_QUEUES],
  [/^RtwqPutWaiting/, /^E_HANDLE$/, 'This process has no such handle, or it is of a kind that nobody can wait for.'],
  [/^RtwqPutWaiting/, /^E_ACCESSDENIED$/, 'The handle was opened without the right to wait for it (SYNCHRONIZE).'],
  [
    /^RtwqPutWaiting/,
    /^ERROR_NOT_SUPPORTED$/,
    'A mutex cannot be waited for: the thread of the pool that waits would own it, and nobody could release it.',
  ],
  [/^OpenProcess$/, /^E_INVALIDARG$/, 'There is no process with this id.'],
  [/^OpenProcess$/, /^E_ACCESSDENIED$/, 'This user may not open the process.'],
  [/^Open(Event|Semaphore|WaitableTimer)W$/, /^ERROR_FILE_NOT_FOUND$/, 'There is no object of this name.'],
  [/^(Create|Open)(Event|Semaphore|WaitableTimer)/, /^E_HANDLE$/, 'Another kind of object has this name.'],
  [/^SetWaitableTimer$/, /^E_INVALIDARG$/, 'A timer of high resolution may not be able to do it: create it with highResolution: false.'],
  [/MMCSS|LockShared|^AvSet/, /^ERROR_SERVICE_/, NO_MMCSS],
  [/^AvSet/, /^ERROR_MOD_NOT_FOUND$/, 'This Windows has no avrt.dll; the Media Feature Pack brings it.'],
];

function hintFor(syscall: string, code: string): string {
  const found = HINTS.find(([syscalls, codes]) => syscalls.test(syscall) && codes.test(code));
  return found ? ` ${found[2]}` : '';
}

// The addon's, once it is loaded.
let systemMessage: NativeAddon['systemMessage'] = () => '';
let functionNames: readonly string[] = [];

export function useSystemTexts(addon: NativeAddon): void {
  systemMessage = addon.systemMessage;
  functionNames = addon.functions;
}

const hex = (hresult: number): string => `0x${hresult.toString(16).toUpperCase().padStart(8, '0')}`;

/** The function whose caller an error's stack starts at. */
// biome-ignore lint/complexity/noBannedTypes: it is never called, only found on the stack.
export type Caller = Function;

/** The getter of a property as a caller. */
export function getterOf(type: { readonly prototype: object }, name: string): Caller {
  return Object.getOwnPropertyDescriptor(type.prototype, name)?.get as Caller;
}

/**
 * A function of RTWorkQ.dll failed, or one of Windows that belongs to it.
 *
 * @example
 * ```ts
 * try {
 *   cancelWorkItem(key);
 * } catch (error) {
 *   if (error instanceof RtwqError && error.code === 'RTWQ_E_NOT_FOUND') console.log('too late');
 *   else throw error;
 * }
 * ```
 */
export class RtwqError extends Error {
  override readonly name = 'RtwqError';
  /** The HRESULT's name, such as `'RTWQ_E_SHUTDOWN'` or `'E_NOTIMPL'`; `'HRESULT_0x…'` for one without a name here. */
  readonly code: RtwqErrorCode;
  /** The HRESULT as an unsigned 32-bit number. */
  readonly hresult: number;
  /** The Windows function that it comes from, such as `'RtwqPutWorkItem'`. */
  readonly syscall: string;

  /**
   * @param detail takes the place of the system's text for the HRESULT.
   * @param verb what the function did with the HRESULT.
   */
  constructor(hresult: number, syscall: string, detail?: string, verb = 'failed with') {
    const number = hresult >>> 0;
    const { code = `HRESULT_${hex(number)}`, text } = byNumber.get(number) ?? {};
    const said = detail || `${systemMessage(number) || text || 'No further information.'}${hintFor(syscall, code)}`;
    super(`${syscall} ${verb} ${code} (${hex(number)}): ${said}`);
    this.code = code;
    this.hresult = number;
    this.syscall = syscall;
  }
}

/** An RtwqError for an HRESULT, by number or by name. */
export function rtwqError(code: KnownCode | number, syscall: string, caller: Caller, detail?: string, verb?: string): RtwqError {
  const error = new RtwqError(typeof code === 'number' ? code : HRESULTS[code][0], syscall, detail, verb);
  Error.captureStackTrace(error, caller);
  return error;
}

/** The error for a failed Outcome. */
export function outcomeError(outcome: Outcome, caller: Caller): RtwqError {
  const index = Math.floor(outcome / 2 ** 32);
  return rtwqError(outcome % 2 ** 32, functionNames[index] ?? 'RTWorkQ', caller);
}

/** Tells of a failure that nobody waits for. On the next tick, because programs put functions of their own in its place. */
export function warn(outcome: Outcome | undefined, caller: Caller): void {
  if (!outcome) return;
  const error = outcomeError(outcome, caller);
  later(() => process.emitWarning(error));
}

/** Throws where the native call has failed. */
export function check(outcome: Outcome, caller: Caller): void {
  if (outcome !== 0) throw outcomeError(outcome, caller);
}

/** What an operation rejects with that was ended early, as Node's own functions do. */
export class AbortError extends Error {
  override readonly name = 'AbortError';
  readonly code = 'ABORT_ERR';

  constructor() {
    super('The operation was aborted');
  }
}

/** Why an operation was ended early, where that was not its own `cancel()`. */
export interface Ended {
  /** Who did it, where its signal did not. */
  readonly by?: string;
  readonly cause: unknown;
}

/** That what operations need has ended; the cause says where, and what a new one meets. */
export const endedBy = (by: string, code: KnownCode, syscall: string, detail: string, caller: Caller): Ended => ({
  by,
  cause: rtwqError(code, syscall, caller, detail, 'ended it with'),
});

/** An AbortError made ahead, so that its stack has the frames of who began the operation. */
export function abortErrorFrom(caller: Caller): AbortError {
  const error = new AbortError();
  Error.captureStackTrace(error, caller);
  return error;
}

/** What an operation rejects with that somebody has ended. */
export function abortError(ended: Ended | undefined, error = new AbortError()): AbortError {
  const define = (name: string, value: unknown): unknown =>
    Object.defineProperty(error, name, { value, configurable: true, writable: true });
  if (ended?.by) define('message', `${error.message}: ${ended.by}`);
  if (ended) define('cause', ended.cause);
  return error;
}

/** An error in the manner of Node's: its `code` shows in the stack, not in the name. */
export function codedError<E extends Error>(
  Base: new (message: string, options?: ErrorOptions) => E,
  code: string,
  message: string,
  caller: Caller,
  options?: ErrorOptions,
): E & { code: string } {
  const error = new Base(message, options) as E & { code: string };
  const { name } = error;
  error.name = `${name} [${code}]`;
  Error.captureStackTrace(error, caller);
  // Reading the stack writes the header into it; the name goes back to what it was afterwards.
  error.stack;
  Reflect.deleteProperty(error, 'name');
  error.code = code;
  return error;
}

/** What describing a value comes to: its own code may run for that, and may throw. */
function described(value: unknown, describe: () => string): string {
  try {
    return describe();
  } catch {
    return `a value of type ${typeof value}`;
  }
}

const LONGEST_SHOWN = 1000;

function shown(value: unknown, length: number): string {
  // Escaping millions of characters would take memory and time.
  if (typeof value === 'string' && value.length > LONGEST_SHOWN) return `a string of ${value.length} characters`;
  return inspect(value, { depth: 0, customInspect: false }).slice(0, length);
}

function received(value: unknown): string {
  return `Received ${described(value, () => {
    if (value == null) return String(value);
    if (typeof value === 'function') return `function ${String(value.name)}`;
    if (typeof value === 'object') return `an instance of ${String(value.constructor?.name ?? 'Object')}`;
    return `type ${typeof value} (${shown(value, 28)})`;
  })}`;
}

export function argumentTypeError(name: string, expected: string, value: unknown, caller: Caller): TypeError {
  const kind = name.includes('.') ? 'property' : 'argument';
  return codedError(TypeError, 'ERR_INVALID_ARG_TYPE', `The "${name}" ${kind} must be ${expected}. ${received(value)}`, caller);
}

export function argumentValueError(name: string, what: string, value: unknown, caller: Caller): TypeError {
  const kind = name.includes('.') ? 'property' : 'argument';
  return codedError(
    TypeError,
    'ERR_INVALID_ARG_VALUE',
    `The ${kind} '${name}' ${what}. Received ${described(value, () => shown(value, 128))}`,
    caller,
  );
}

export function rangeError(name: string, range: string, value: unknown, caller: Caller): RangeError {
  return codedError(
    RangeError,
    'ERR_OUT_OF_RANGE',
    `The value of "${name}" is out of range. It must be ${range}. Received ${String(value)}`,
    caller,
  );
}
