// waitFor and its relatives: waits of the waiter, which need no RTWorkQ.dll.

import { currentEnvironment } from '../internal/environment';
import { argumentTypeError, argumentValueError, type Caller, rangeError } from '../internal/errors';
import { isHandle } from '../internal/handle-state';
import type { Occurrences } from '../internal/repetition';
import { unwrapped } from '../internal/self';
import { ProcessHandle } from './process-handle';
import { Semaphore } from './semaphore';
import { iterate, type SignalsOptions, signalsOfRaw } from './signals';
import type { WaitTarget } from './wait-handle';
import { readWait, type WaitOptions } from './wait-options';
import { WaitableEvent } from './waitable-event';
import { WaitableTimer } from './waitable-timer';
import { forHandles, type SignaledTarget, Wait, waitForOne } from './waiting';

export type { WaitOptions } from './wait-options';
export type { SignaledTarget } from './waiting';

/** Options of a wait without a timeout. */
export interface EndlessWaitOptions extends WaitOptions {
  timeout?: undefined;
}

const MOST_TARGETS = 65_536;
const TARGET = 'a WaitHandle from this thread or a handle of type bigint';

function isIterable(given: unknown): given is Iterable<unknown> {
  try {
    return typeof given === 'object' && given !== null && typeof (given as Partial<Iterable<unknown>>)[Symbol.iterator] === 'function';
  } catch {
    // A revoked proxy.
    return false;
  }
}

/** Copies the targets into a new array. */
function readTargets(targets: unknown, caller: Caller): unknown[] {
  if (!isIterable(targets)) throw argumentTypeError('targets', 'an iterable', targets, caller);
  const taken: unknown[] = [];
  // Leaving the loop early calls the iterator's return().
  for (const target of targets) {
    if (taken.length === MOST_TARGETS) throw rangeError('targets.length', `<= ${MOST_TARGETS}`, `more than ${MOST_TARGETS}`, caller);
    if (target === undefined) throw argumentTypeError(`targets[${taken.length}]`, TARGET, target, caller);
    taken[taken.length] = target;
  }
  if (taken.length === 0) throw argumentValueError('targets', 'must not be empty', targets, caller);
  return taken;
}

/**
 * Waits until a handle becomes signaled, or the timeout passes.
 *
 * A wait takes the signal, as in Win32: an auto-reset event resets, a semaphore counts down. A signal is never lost: a wait that
 * ends by its timeout, an abort, {@link WaitHandle.close} or {@link shutdown} has not taken it. So an abort may come too late: if
 * the signal has been taken by then, the promise resolves. A handle that is already signaled wins over any timeout.
 *
 * Waits run on threads of this package, with `WaitForMultipleObjects`. They use none of the threads with which Node reads files and
 * looks up hosts, however many waits there are. They need no RTWorkQ.dll.
 *
 * @param target a handle of this package, or a raw HANDLE: an event, semaphore, waitable timer, process, thread, job or another
 *   waitable object, but not a mutex. The wait uses a duplicate, so you may close a raw HANDLE meanwhile. Closing a handle of this
 *   package ends the waits that were started with it.
 * @returns a promise of `'signaled'` or `'timeout'`. Rejects with an `AbortError` if the wait is ended by the signal,
 *   {@link WaitHandle.close} or {@link shutdown}; with a TypeError (`ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`) or RangeError
 *   (`ERR_OUT_OF_RANGE`) for invalid arguments; and with an {@link RtwqError}: `E_HANDLE` if the handle is closed, is not one of
 *   this process, or cannot be waited for; `E_ACCESSDENIED` without the right to wait for it; `ERROR_NOT_SUPPORTED` for a mutex,
 *   which the waiting thread would own.
 * @example
 * ```ts
 * using event = WaitableEvent.create({ name: 'Local\\my-app-ready' });
 * if ((await waitFor(event, { timeout: 500 })) === 'timeout') console.log('timed out');
 * ```
 */
export function waitFor(target: WaitTarget, options?: WaitOptions): Promise<'signaled' | 'timeout'> {
  return waitForOne(target, options, waitFor);
}

/**
 * Waits until one of several handles becomes signaled.
 *
 * There may be up to 65,536 handles; `WaitForMultipleObjects` takes at most 64. If several are already signaled, the first in the
 * list wins. The signals of the others stay where they are.
 *
 * Up to 62 handles are waited for by one thread, which takes exactly one signal. More handles are divided into groups. Two groups
 * may each take a signal at the same time; the second one is given back at once, which is possible for events and semaphores, but
 * not for auto-reset timers and for HANDLEs without the right to set their object.
 *
 * @param targets as for {@link waitFor}; any iterable with at least one. It is read once, before anything is looked up.
 * @returns a promise of the target and the time, or of `'timeout'`. Rejects as {@link waitFor} does; closing any of the handles
 *   ends the wait.
 * @example
 * ```ts
 * using ready = WaitableEvent.create();
 * using stop = WaitableEvent.create({ manualReset: true });
 * ready.set();
 * const { index } = await waitForAny([stop, ready]); // 1
 * ```
 */
export async function waitForAny(targets: Iterable<WaitTarget>, options?: EndlessWaitOptions): Promise<SignaledTarget>;
export async function waitForAny(targets: Iterable<WaitTarget>, options?: WaitOptions): Promise<SignaledTarget | 'timeout'>;
export async function waitForAny(targets: Iterable<WaitTarget>, options?: WaitOptions): Promise<SignaledTarget | 'timeout'> {
  currentEnvironment(waitForAny);
  const given = readWait(options, waitForAny);
  return await new Wait(
    { ...given, kind: 'waitForAny', check: forHandles(readTargets(targets, waitForAny), 'targets', false) },
    waitForAny,
  ).result();
}

/**
 * Waits until all of several handles are signaled.
 *
 * Up to 64 handles are all or nothing, as with `WaitForMultipleObjects`: no signal is taken until all are there at the same moment,
 * and then all are taken at once. So two overlapping waits for the same handles cannot deadlock. The same object may not be listed
 * twice.
 *
 * Windows has no such wait for more than 64 handles. Each of their signals is taken when it arrives, and held until the last one has
 * arrived. A wait that does not succeed gives them back, except those of auto-reset timers and of HANDLEs without the right to set
 * their object. Two overlapping waits for the same handles can deadlock: give them a timeout.
 *
 * @param targets as for {@link waitForAny}.
 * @returns a promise of `'signaled'` or `'timeout'`. Rejects as {@link waitFor} does, and with an {@link RtwqError} `E_INVALIDARG`
 *   if an object is listed twice; closing any of the handles ends the wait.
 * @example
 * ```ts
 * using first = WaitableEvent.create();
 * using second = WaitableEvent.create({ signaled: true });
 * console.log(await waitForAll([first, second], { timeout: 10 })); // timeout; the second one is still signaled
 * ```
 */
export async function waitForAll(targets: Iterable<WaitTarget>, options?: WaitOptions): Promise<'signaled' | 'timeout'> {
  currentEnvironment(waitForAll);
  const given = readWait(options, waitForAll);
  const waiting = { ...given, kind: 'waitForAll', check: forHandles(readTargets(targets, waitForAll), 'targets', true) } as const;
  return (await new Wait(waiting, waitForAll).result()) === 'timeout' ? 'timeout' : 'signaled';
}

/**
 * Waits until a process has ended.
 *
 * @param pid the process id. Windows reuses the ids of ended processes: if the process may end soon, open a {@link ProcessHandle}
 *   early.
 * @returns a promise of the exit code, as an unsigned 32-bit number, or of `'timeout'`. Resolves at once if the process has already
 *   ended and another handle to it is still open. Rejects with an {@link RtwqError} if there is no such process (`E_INVALIDARG`) or
 *   you may not open it (`E_ACCESSDENIED`), and otherwise as {@link waitFor} does.
 * @example
 * ```ts
 * console.log('the parent has ended with', await waitForProcessExit(process.ppid, { ref: false }));
 * ```
 */
export async function waitForProcessExit(pid: number, options?: EndlessWaitOptions): Promise<number>;
export async function waitForProcessExit(pid: number, options?: WaitOptions): Promise<number | 'timeout'>;
export async function waitForProcessExit(pid: number, options?: WaitOptions): Promise<number | 'timeout'> {
  currentEnvironment(waitForProcessExit);
  const given = readWait(options, waitForProcessExit);
  using handle = ProcessHandle.openFor(pid, waitForProcessExit);
  // Throws now, not after the wait, if the right to read the exit code is missing.
  handle.exitCode;
  const waiting = { ...given, kind: 'waitForProcessExit', check: forHandles([handle], 'target', false) } as const;
  const outcome = await new Wait(waiting, waitForProcessExit).result();
  return outcome === 'timeout' ? outcome : (handle.exitCode as number);
}

/**
 * Iterates over the signals of an event, a semaphore or a timer, also of a raw HANDLE.
 *
 * For a handle of this package, it is the same as its method `signals`. For a raw HANDLE, `missed` is undefined, and the iteration
 * goes on until you leave it. The HANDLE must stay open.
 *
 * @param target the handle. A raw HANDLE is waited for as by {@link waitFor}.
 * @throws TypeError `ERR_INVALID_STATE` for an object that stays signaled, such as a manual-reset event or a process;
 *   `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE` or RangeError `ERR_OUT_OF_RANGE` for invalid arguments.
 * @throws {@link RtwqError} as {@link waitFor} rejects with.
 * @example
 * ```ts
 * using event = WaitableEvent.create();
 * for await (const { firedAt } of signals(event.handle, { signal: AbortSignal.timeout(1_000) })) console.log(firedAt);
 * ```
 */
export function signals(target: WaitableEvent | Semaphore | WaitableTimer | bigint, options?: SignalsOptions): Occurrences {
  const handle = unwrapped(target);
  for (const kind of [WaitableEvent, Semaphore, WaitableTimer]) {
    if (isHandle(handle, kind)) return Reflect.apply(kind.prototype[iterate], handle, [options, signals]);
  }
  return signalsOfRaw(target, options, signals);
}
