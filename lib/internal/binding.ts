// Loads the native addon and RTWorkQ.dll on the first call that needs them; an import loads nothing. addon-file.ts finds the addon.
// No other file deals with either.

import process from 'node:process';
import { type Attempt, findAddon, target } from './addon-file';
import { type Caller, codedError, useSystemTexts } from './errors';
import type { NativeAddon, NativeDescription } from './native';

/** The result of {@link supportStatus}. */
export type SupportStatus =
  | {
      readonly supported: true;
      /** Whether handles, waits and high-resolution timers work. */
      readonly waits: true;
      /** The RTWorkQ.dll in use: the one in System32, unless the process had already loaded another one of that name. */
      readonly dll: {
        readonly path: string;
        /** The file version, four numbers with dots; `'0.0.0.0'` if the file has none. */
        readonly version: string;
      };
      /** The version of Wine, if this is Wine; otherwise undefined. */
      readonly wine: string | undefined;
    }
  | {
      readonly supported: false;
      /** Whether handles, waits and high-resolution timers work: true if only RTWorkQ.dll is missing. */
      readonly waits: boolean;
      /**
       * `ERR_FEATURE_UNAVAILABLE_ON_PLATFORM` off Windows, otherwise `ERR_RTWORKQ_UNAVAILABLE`: the code that every call that does
       * not work throws.
       */
      readonly code: 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM' | 'ERR_RTWORKQ_UNAVAILABLE';
      /** What is missing and how to fix it. */
      readonly reason: string;
      /** The underlying error, if any. */
      readonly cause?: unknown;
    };

type Support = { status: SupportStatus; addon?: NativeAddon };

// What this machine has; undefined until it is needed.
let own: Support | undefined;
// What a simulation has, while there is one.
let simulated: Support | undefined;
const beforeSwitch: (() => void)[] = [];

/** Adds what must happen before another addon replaces this one. Nothing of this thread is pending or open then. */
export function onSwitch(action: () => void): void {
  beforeSwitch.push(action);
}

/** Replaces this machine's addon in this thread, until it is called without one. */
export function useAddon(other?: NativeAddon): void {
  for (const action of beforeSwitch) action();
  simulated = other && { addon: other, status: supportedBy(other.describe()) };
  useSystemTexts(simulated?.addon ?? own?.addon);
}

function unavailable(reason: string, cause?: unknown, addon?: NativeAddon): Support {
  const status = { supported: false, waits: addon !== undefined, code: 'ERR_RTWORKQ_UNAVAILABLE', reason } as const;
  return { ...(addon && { addon }), status: cause === undefined ? status : { ...status, cause } };
}

/** Picks the error to report: that of a file that exists, rather than one that says there is no file. */
function reasonOf(attempts: readonly Attempt[]): unknown {
  const errors = attempts.map(({ error }) => error).filter((error) => error !== undefined);
  return errors.find((error) => (error as NodeJS.ErrnoException | null)?.code === 'ERR_DLOPEN_FAILED') ?? errors[0];
}

/** The first line of an error's message: the rest is hints from other tools, or the list of places again. */
const textOf = (error: unknown): string => (/^.*/.exec(String((error as Error | null)?.message ?? error).trim()) as RegExpExecArray)[0];

function loadFailure(attempts: readonly Attempt[]): Support {
  const error = reasonOf(attempts);
  if ((error as NodeJS.ErrnoException | undefined)?.code === 'ERR_DLOPEN_DISABLED') {
    return unavailable(
      'Node runs with native addons disabled, and rtworkq is a native addon. ' +
        'Run Node without --no-addons, or with --allow-addons if the permission model is enabled.',
      error,
    );
  }
  return unavailable(
    [
      `rtworkq's native addon for ${target} could not be loaded: ${error === undefined ? 'not found' : textOf(error)}`,
      'Tried:',
      ...attempts.map(({ place, error }) => `  - ${place}: ${error === undefined ? 'not found' : textOf(error)}`),
      'Possible solutions:',
      '  - the package is incomplete: npm install --force rtworkq',
      "  - in a bundle: put the package's prebuilds/ folder beside the bundle, or mark rtworkq as external",
      '  - in a clone of the repository: npm run build',
    ].join('\n'),
    error,
  );
}

/** Whether a startup snapshot is being built. Looks at the flags first: loading `node:v8` takes longer than the rest of the import. */
const isBuildingSnapshot = (): boolean =>
  process.execArgv.some((flag) => flag.startsWith('--build-snapshot')) &&
  process.getBuiltinModule('node:v8').startupSnapshot.isBuildingSnapshot();

/** What the host lacks, before the addon is loaded. */
function missingInHost(): string | undefined {
  // Programs may have added it.
  if (typeof Promise.withResolvers !== 'function') return `rtworkq needs Node.js 22.12 or later, and this is ${process.version}.`;
  // Node would abort.
  if (isBuildingSnapshot()) {
    return (
      'Node is building a startup snapshot, which cannot contain a native addon. ' +
      'Call rtworkq in the program that starts from the snapshot.'
    );
  }
  return undefined;
}

const supportedBy = ({ path = '', version = '', wineVersion }: NativeDescription): SupportStatus => ({
  supported: true,
  waits: true,
  dll: { path, version },
  wine: wineVersion ?? undefined,
});

function probe(): Support {
  if (process.platform !== 'win32') {
    const reason =
      `RTWorkQ is part of Windows, and this is ${process.platform}. ` +
      'You can import rtworkq on any system; check isSupported() before you call anything else.';
    return { status: { supported: false, waits: false, code: 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM', reason } };
  }
  const missing = missingInHost();
  if (missing) return unavailable(missing);
  const { addon, attempts } = findAddon();
  if (!addon) return loadFailure(attempts);
  useSystemTexts(addon);
  const dll = addon.describe();
  if (dll.usable) return { addon, status: supportedBy(dll) };
  if (dll.missingFunction) {
    const reason = `${dll.path} does not export ${dll.missingFunction}: it is older than Windows 8.1. Update Windows.`;
    return unavailable(reason, undefined, addon);
  }
  return unavailable(
    `RTWorkQ.dll could not be loaded from System32 (Win32 error ${dll.loadError}). Windows 8.1, Windows Server 2012 R2 ` +
      'and later have it. On Windows Server, run Install-WindowsFeature Server-Media-Foundation in an elevated PowerShell. ' +
      'On an N edition of Windows, install the Media Feature Pack. ' +
      'Timers, handles and waits work without it.',
    undefined,
    addon,
  );
}

const current = (): Support => {
  if (simulated) return simulated;
  if (own) return own;
  const found = probeSafely();
  // A program that starts from the snapshot gets another answer.
  if (!isBuildingSnapshot()) own = found;
  return found;
};

/** Programs call this to decide what to do, so it may not throw, even if Node forbids something or other code has replaced it. */
function probeSafely(): Support {
  try {
    return probe();
  } catch (error) {
    return unavailable(`rtworkq could not find out whether it works here: ${textOf(error)}`, error);
  }
}

/**
 * Tells whether rtworkq works here, and if not, why and how to fix it.
 *
 * It never throws, and starts nothing.
 *
 * @example
 * ```ts
 * const status = supportStatus();
 * console.log(status.supported ? status.dll.path : status.reason);
 * ```
 */
export function supportStatus(): SupportStatus {
  return current().status;
}

/**
 * Tells whether rtworkq works here: on Windows, with RTWorkQ.dll.
 *
 * It never throws, and starts nothing. The timers of `rtworkq/timers` and `rtworkq/timers/promises` work everywhere.
 *
 * @example
 * ```ts
 * import { setTimeout } from 'node:timers/promises';
 *
 * const signal = AbortSignal.timeout(1_000);
 * // Node takes the options as its third argument.
 * await (isSupported() ? scheduleWorkItem(20, { signal }) : setTimeout(20, undefined, { signal }));
 * ```
 */
export function isSupported(): boolean {
  return supportStatus().supported;
}

function failure(caller: Caller): Error {
  const { code, reason, cause } = supportStatus() as Extract<SupportStatus, { supported: false }>;
  return codedError(Error, code, reason, caller, cause === undefined ? undefined : { cause });
}

/** Returns the addon. If there is none, throws the reason, with a stack that starts at `caller`'s caller. */
export function requireAddon(caller: Caller): NativeAddon {
  const { addon } = current();
  if (addon) return addon;
  throw failure(caller);
}

/** Throws in the same way if RTWorkQ.dll cannot be used. */
export function requireRtworkq(caller: Caller): void {
  if (!supportStatus().supported) throw failure(caller);
}
