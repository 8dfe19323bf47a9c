// Every error that the package makes. One place turns an HRESULT into an error, one makes the errors of arguments.

import { inspect } from 'node:util';
import { byNumber, HRESULTS, hintFor, type KnownCode, type RtwqErrorCode } from './hresults';
import { later } from './later';
import type { NativeAddon, Outcome } from './native';

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

/** Tells of a failure that nobody waits for. */
export function warn(outcome: Outcome | undefined, caller: Caller): void {
  if (outcome) emitWarning(outcomeError(outcome, caller));
}

/** On the next tick, because programs put functions of their own in its place. */
export function emitWarning(warning: unknown): void {
  later(() => process.emitWarning(warning as Error));
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
  cause: rtwqError(code, syscall, caller, detail, 'ended the operation with'),
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
  return inspect(value, { depth: 0, customInspect: false, breakLength: Number.POSITIVE_INFINITY }).slice(0, length);
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
