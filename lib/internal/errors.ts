// All errors of the package. One function turns HRESULTs into errors, one makes the errors for arguments.

import { inspect } from 'node:util';
import { type Caller, captureFrames } from './frames';
import { later } from './host';
import { byNumber, HRESULTS, hintFor, type KnownCode, type RtwqErrorCode } from './hresults';
import type { NativeAddon, Outcome } from './native';

export type { Caller } from './frames';

type SystemTexts = Pick<NativeAddon, 'systemMessage' | 'functions'>;

const NO_TEXTS: SystemTexts = { systemMessage: () => '', functions: [] };

// The addon's, once it is loaded.
let texts = NO_TEXTS;

export function useSystemTexts(addon: SystemTexts = NO_TEXTS): void {
  texts = addon;
}

const hex = (hresult: number): string => `0x${hresult.toString(16).toUpperCase().padStart(8, '0')}`;

/** The getter of a property, as a Caller. */
export function getterOf(type: { readonly prototype: object }, name: string): Caller {
  return Object.getOwnPropertyDescriptor(type.prototype, name)?.get as Caller;
}

/**
 * A function of RTWorkQ.dll, or a related Windows function, failed.
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
  /** The HRESULT's name, such as `'RTWQ_E_SHUTDOWN'` or `'E_NOTIMPL'`; `'HRESULT_0x…'` if this package has no name for it. */
  readonly code: RtwqErrorCode;
  /** The HRESULT as an unsigned 32-bit number. */
  readonly hresult: number;
  /** The Windows function that failed, such as `'RtwqPutWorkItem'`. */
  readonly syscall: string;

  /**
   * @param detail replaces the system's text for the HRESULT.
   * @param verb what the function did with the HRESULT.
   */
  constructor(hresult: number, syscall: string, detail?: string, verb = 'failed with') {
    const number = hresult >>> 0;
    const { code = `HRESULT_${hex(number)}`, text } = byNumber.get(number) ?? {};
    const explanation = detail || `${texts.systemMessage(number) || text || 'No further information.'}${hintFor(syscall, code)}`;
    super(`${syscall} ${verb} ${code} (${hex(number)}): ${explanation}`);
    this.code = code;
    this.hresult = number;
    this.syscall = syscall;
  }
}

/** Makes an RtwqError for an HRESULT, by number or by name. */
export function rtwqError(code: KnownCode | number, syscall: string, caller: Caller, detail?: string, verb?: string): RtwqError {
  const error = new RtwqError(typeof code === 'number' ? code : HRESULTS[code][0], syscall, detail, verb);
  captureFrames(error, caller);
  return error;
}

/** Makes the error for a failed Outcome. */
export function outcomeError(outcome: Outcome, caller: Caller): RtwqError {
  const index = Math.floor(outcome / 2 ** 32);
  return rtwqError(outcome % 2 ** 32, texts.functions[index] ?? 'RTWorkQ', caller);
}

/** Reports a failure that no caller can catch. */
export function warn(outcome: Outcome | undefined, caller: Caller): void {
  if (outcome) emitWarning(outcomeError(outcome, caller));
}

/** On the next tick, because programs replace process.emitWarning. */
export function emitWarning(warning: unknown): void {
  later(() => {
    try {
      process.emitWarning(warning as Error);
    } catch {
      // Node takes only its own errors. Those of another context, such as a test runner's, it takes as text.
      const { message, name, code } = warning as Error & { code?: string };
      process.emitWarning(message, { type: name, ...(code !== undefined && { code }) });
    }
  });
}

/** Throws if the native call failed. */
export function check(outcome: Outcome, caller: Caller): void {
  if (outcome !== 0) throw outcomeError(outcome, caller);
}

/** The error of an operation that was ended early, like that of Node's own functions. */
export class AbortError extends Error {
  override readonly name = 'AbortError';
  readonly code = 'ABORT_ERR';

  constructor() {
    super('The operation was aborted');
  }
}

/** Why an operation was ended early, if not by its own `cancel()`. */
export interface Ended {
  /** What ended it, unless it was its signal. */
  readonly by?: string;
  readonly cause: unknown;
}

/**
 * Describes the end of something that operations need. Its `cause` has the code for using that thing afterwards.
 */
export const endedBy = (by: string, code: KnownCode, syscall: string, detail: string, caller: Caller): Ended => ({
  by,
  cause: rtwqError(code, syscall, caller, detail, 'ended the operation with'),
});

/** Makes an AbortError in advance, so that its stack shows where the operation was started. */
export function abortErrorFrom(caller: Caller): AbortError {
  const error = new AbortError();
  captureFrames(error, caller);
  return error;
}

/** Completes an AbortError with the reason for the early end. */
export function abortError(ended: Ended | undefined, error = new AbortError()): AbortError {
  const define = (name: string, value: unknown): unknown =>
    Object.defineProperty(error, name, { value, configurable: true, writable: true });
  if (ended?.by) define('message', `${error.message}: ${ended.by}`);
  if (ended) define('cause', ended.cause);
  return error;
}

/** Makes an error in Node's style: its `code` shows in the stack and as text, not in the name. */
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
  captureFrames(error, caller);
  // Reading the stack fixes its first line; then the name can be restored.
  error.stack;
  Reflect.deleteProperty(error, 'name');
  error.code = code;
  const toText = function (this: Error): string {
    return `${this.name} [${code}]: ${this.message}`;
  };
  Object.defineProperty(error, 'toString', { value: toText, configurable: true, writable: true });
  return error;
}

/** Describes a value. That may run the value's own code, which may throw. */
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

/** A method or getter was called on another object. `member` is the function; undefined if programs have removed it. */
export function thisError(type: string, value: unknown, member: Caller | undefined): TypeError {
  return codedError(TypeError, 'ERR_INVALID_THIS', `Value of "this" must be of type ${type}. ${received(value)}`, member ?? thisError);
}

export function argumentTypeError(name: string, expected: string, value: unknown, caller: Caller): TypeError {
  const kind = name.includes('.') ? 'property' : 'argument';
  return codedError(TypeError, 'ERR_INVALID_ARG_TYPE', `The "${name}" ${kind} must be ${expected}. ${received(value)}`, caller);
}

export function argumentValueError(name: string, what: string, value: unknown, caller: Caller, options?: ErrorOptions): TypeError {
  const kind = name.includes('.') ? 'property' : 'argument';
  return codedError(
    TypeError,
    'ERR_INVALID_ARG_VALUE',
    `The ${kind} '${name}' ${what}. Received ${described(value, () => shown(value, 128))}`,
    caller,
    options,
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
