// What the options of every `create` have: the object's name, and who may use it.

import type { Environment } from '../internal/environment';
import { argumentTypeError, argumentValueError, type Caller, outcomeError } from '../internal/errors';
import { optional, validateName } from '../internal/validation';

/** Options of everything that creates a kernel object. */
export interface ObjectOptions {
  /**
   * The name under which other threads and processes open the object. Without one, only native code in this process can share it.
   */
  name?: string | undefined;
  /** Who may use the object, if this call creates it. Default: Windows' own, usually this user and the system. */
  security?: ObjectSecurity | undefined;
}

/**
 * Who may use a new object. Administrators and the system always may.
 *
 * - `'user'`: this user, in all sessions.
 * - `'session'`: also everyone to whom Windows gives this logon, such as programs that this user starts as another user. Services
 *   have no logon; for them it is the same as `'user'`.
 * - `'interactive'`: also everyone who is logged on to this computer, at its console or remotely. A service and an app of any user
 *   can share such an object, whichever creates it.
 * - `'everyone-may-wait'`: this user; everyone else, app containers included, may only wait.
 * - anything else: a security descriptor in SDDL, such as `'D:(A;;GA;;;BA)(A;;0x100000;;;WD)'`.
 */
export type ObjectSecurity = 'user' | 'session' | 'interactive' | 'everyone-may-wait' | (string & {});

const WORDS = ['user', 'session', 'interactive', 'everyone-may-wait'] as const;
const SYNCHRONIZE = '0x100000';
const ALL_APP_CONTAINERS = 'S-1-15-2-1';

const allow = (rights: string, who: string): string => `(A;;${rights};;;${who})`;

function descriptorOf(word: (typeof WORDS)[number], { native }: Environment): string {
  const { user, logon } = native.processIdentity();
  const own = `D:P${allow('GA', 'SY')}${allow('GA', 'BA')}${allow('GA', user)}`;
  switch (word) {
    case 'user':
      return own;
    case 'session':
      return logon === '' ? own : own + allow('GA', logon);
    case 'interactive':
      return own + allow('GA', 'IU');
    case 'everyone-may-wait':
      return own + allow(SYNCHRONIZE, 'WD') + allow(SYNCHRONIZE, ALL_APP_CONTAINERS);
  }
}

/** Checks the options. `security` becomes a descriptor in SDDL. */
export function validateObject(
  { name, security }: ObjectOptions,
  environment: Environment,
  caller: Caller,
): { name: string | undefined; security: string | undefined } {
  return {
    name: optional(name, undefined, (value) => validateName(value, 'options.name', caller)),
    security: optional(security, undefined, (value) => validateSecurity(value, environment, caller)),
  };
}

function validateSecurity(value: unknown, environment: Environment, caller: Caller): string {
  const name = 'options.security';
  if (typeof value !== 'string') throw argumentTypeError(name, 'of type string', value, caller);
  const word = WORDS.find((each) => each === value);
  if (word) return descriptorOf(word, environment);
  const expected = `must be one of ${WORDS.map((each) => `'${each}'`).join(', ')}, or a security descriptor in SDDL`;
  // Windows reads an empty text as a descriptor that allows everything to everyone.
  if (value === '' || value.includes('\0')) throw argumentValueError(name, expected, value, caller);
  const outcome = environment.native.checkSecurity(value);
  if (outcome !== 0) throw argumentValueError(name, expected, value, caller, { cause: outcomeError(outcome, caller) });
  return value;
}
