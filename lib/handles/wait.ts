// RtwqPutWaitingWorkItem, and what is made of it.

import { currentEnvironment } from '../internal/environment';
import { argumentTypeError, argumentValueError, type Caller, rtwqError } from '../internal/errors';
import { optionsReader } from '../internal/options';
import { optional, validateDelay } from '../internal/validation';
import type { WorkQueue } from '../queues/work-queue';
import type { WorkItemOptions } from '../work-items/options';
import { type PriorityOptions, scheduleGiven, TIMEOUT, wait, waitMultiple } from '../work-items/start';
import { value, type WorkItem } from '../work-items/work-item';
import { ProcessHandle } from './process-handle';
import type { WaitTarget } from './wait-handle';

/** Options of {@link putWaitingWorkItem}. */
export interface WaitingOptions extends WorkItemOptions, PriorityOptions {}

/** Options of {@link waitFor}, {@link waitForAny}, {@link waitForAll} and {@link waitForProcessExit}. */
export interface WaitOptions {
  /**
   * For how long to wait, in milliseconds, from 0 (look, and do not wait) to 2 ** 53; kept as by {@link scheduleWorkItem} on
   * {@link WorkQueue.standard}. Default: for ever.
   */
  timeout?: number | undefined;
  /** Ends the wait when it aborts; the rejection's `cause` is the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Whether the wait keeps this process alive. Default: `true`. */
  ref?: boolean | undefined;
  /** The work queue that the wait ends on. Default: {@link WorkQueue.standard}. */
  queue?: WorkQueue | undefined;
}

/** Options of a wait for ever. */
export interface EndlessWaitOptions extends WaitOptions {
  timeout?: undefined;
}

/** Which target {@link waitForAny} has found signaled. */
export interface SignaledTarget {
  /** Its place among the targets. */
  readonly index: number;
  /** When it was signaled, in milliseconds on the clock of this thread's `performance.now()`. */
  readonly firedAt: number;
}

/**
 * Puts a work item that fires when a handle becomes signaled (`RtwqPutWaitingWorkItem`). The signal is taken as every wait
 * of Windows takes it: an auto-reset event resets itself, a semaphore counts down. A cancelled wait gives back what it has taken
 * of these two; of an auto-reset timer, or of a raw HANDLE without the right to query and set its object, it cannot.
 *
 * Waits take none of the threads that Node reads files and looks up hosts with, however many there are.
 *
 * @param target a handle of this package, or a raw HANDLE: an event, semaphore, waitable timer, process, thread or job, or
 *   another kind that can be waited for; no mutex. A duplicate is waited for, so a raw HANDLE may be closed meanwhile. Closing
 *   an object of this package ends the waits that were begun with it.
 * @param options `priority` orders it among the waiting on the queue, `queue` is where it runs, `signal` cancels it,
 *   `ref: false` lets the process end while it is pending, `work` is native work to run.
 * @returns the pending {@link WorkItem}: await it, cancel it, or pass its key to {@link cancelWorkItem}.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE` or RangeError `ERR_OUT_OF_RANGE` for arguments that do not
 *   fit.
 * @throws {@link RtwqError} `E_HANDLE` for a closed handle, for one that is none of this process, or for what nobody can wait
 *   for; `E_ACCESSDENIED` without the right to; `ERROR_NOT_SUPPORTED` for a mutex, which the pool's thread would own;
 *   `E_INVALIDARG` on {@link WorkQueue.longFunction}. Nothing is pending then.
 * @example
 * ```ts
 * using event = WaitableEvent.create();
 * const item = putWaitingWorkItem(event);
 * event.set();
 * await item;
 * ```
 */
export function putWaitingWorkItem(target: WaitTarget, options?: WaitingOptions): WorkItem {
  return wait(target, options, putWaitingWorkItem);
}

const read = optionsReader(({ timeout, signal, ref, queue }: WaitOptions): WaitOptions => ({ timeout, signal, ref, queue }));

/** What a wait came to. */
async function signaled(item: WorkItem): Promise<SignaledTarget> {
  const { status, firedAt } = await item.completed;
  if (status >= 2 ** 31) throw rtwqError(status, 'RtwqPutWaitingWorkItem', signaled);
  return { index: item[value], firedAt };
}

type Waiting = Parameters<typeof waitMultiple>[0];

async function waitForTargets({ timeout, ...waiting }: Waiting & WaitOptions, caller: Caller): Promise<SignaledTarget | 'timeout'> {
  const limit = optional(timeout, undefined, (given) => validateDelay(given, 'options.timeout', caller));
  using item = waitMultiple({ ...waiting, looks: limit === 0 }, caller);
  if (limit === undefined || item.state !== 'pending') return await signaled(item);
  if (limit > 0) {
    try {
      using timer = scheduleGiven(limit, { ref: waiting.ref, queue: undefined, signal: undefined, work: undefined }, TIMEOUT, caller);
      // Whatever ends the timer early ends the wait too.
      const over = timer.completed.then(
        () => {},
        () => {},
      );
      await Promise.race([item.completed, over]);
    } catch (error) {
      // Where the wait has taken a signal already, that is what counts.
      if (item.cancel()) throw error;
    }
  }
  return item.cancel() ? 'timeout' : await signaled(item);
}

function isArray(given: unknown): given is readonly unknown[] {
  try {
    return Array.isArray(given);
  } catch {
    // A revoked proxy.
    return false;
  }
}

/** The targets in an array of the package's own. */
function readTargets(targets: unknown, caller: Caller): unknown[] {
  if (!isArray(targets)) throw argumentTypeError('targets', 'an array', targets, caller);
  const { length } = targets;
  const taken: unknown[] = [];
  for (let index = 0; index < length; index++) {
    const target = targets[index];
    // So that an array of holes, however long, ends here.
    if (target === undefined) throw argumentTypeError(`targets[${index}]`, 'a WaitHandle or a handle of type bigint', target, caller);
    taken.push(target);
  }
  if (taken.length === 0) throw argumentValueError('targets', 'must not be empty', targets, caller);
  return taken;
}

/**
 * Waits until a handle becomes signaled, or for some time. One that is signaled already wins over any timeout.
 *
 * @param target as for {@link putWaitingWorkItem}.
 * @returns a promise of `'signaled'` or `'timeout'`. Rejects as {@link putWaitingWorkItem} throws, and with an `AbortError`
 *   when somebody ends it: the signal, {@link WaitHandle.close}, {@link WorkQueue.close}, {@link shutdown}.
 * @example
 * ```ts
 * using event = WaitableEvent.create({ name: 'Local\\my-app-ready' });
 * if ((await waitFor(event, { timeout: 500 })) === 'timeout') console.log('nobody came');
 * ```
 */
export async function waitFor(target: WaitTarget, options?: WaitOptions): Promise<'signaled' | 'timeout'> {
  currentEnvironment(waitFor);
  const outcome = await waitForTargets(
    { ...read(options, waitFor), kind: 'waitFor', targets: [target], name: 'target', all: false },
    waitFor,
  );
  return outcome === 'timeout' ? outcome : 'signaled';
}

/**
 * Waits until one of several handles becomes signaled, however many there are (`WaitForMultipleObjects` stops at 64). Where
 * several are signaled already, the first of them wins. The signals of the others are left where they are. One that comes
 * before the waits for the others have ended is given back at once, as far as {@link putWaitingWorkItem} can: not one of an
 * auto-reset timer, and not one that meets the very end of its wait.
 *
 * @param targets as for {@link putWaitingWorkItem}, one at least.
 * @returns a promise of the target and the time, or of `'timeout'`. Rejects as {@link waitFor} does; closing any of the
 *   handles ends it.
 * @example
 * ```ts
 * using ready = WaitableEvent.create();
 * using stop = WaitableEvent.create({ manualReset: true });
 * ready.set();
 * const { index } = await waitForAny([stop, ready]); // 1
 * ```
 */
export async function waitForAny(targets: readonly WaitTarget[], options?: EndlessWaitOptions): Promise<SignaledTarget>;
export async function waitForAny(targets: readonly WaitTarget[], options?: WaitOptions): Promise<SignaledTarget | 'timeout'>;
export async function waitForAny(targets: readonly WaitTarget[], options?: WaitOptions): Promise<SignaledTarget | 'timeout'> {
  currentEnvironment(waitForAny);
  const given = read(options, waitForAny);
  return waitForTargets(
    { ...given, kind: 'waitForAny', targets: readTargets(targets, waitForAny), name: 'targets', all: false },
    waitForAny,
  );
}

/**
 * Waits until each of several handles has been signaled. Unlike `WaitForMultipleObjects`, it takes each signal when it comes,
 * and keeps it until the last one has: others do not see it meanwhile, and two such waits for the same handles may each hold
 * what the other one lacks; give them a timeout. What it has taken when it comes to no end it gives back, as far as
 * {@link putWaitingWorkItem} can.
 *
 * @param targets as for {@link putWaitingWorkItem}, one at least; one that stands there twice is waited for twice.
 * @returns a promise of `'signaled'` or `'timeout'`. Rejects as {@link waitFor} does; closing any of the handles ends it.
 * @example
 * ```ts
 * using first = WaitableEvent.create();
 * using second = WaitableEvent.create({ signaled: true });
 * console.log(await waitForAll([first, second], { timeout: 10 })); // timeout; the second one is signaled again
 * ```
 */
export async function waitForAll(targets: readonly WaitTarget[], options?: WaitOptions): Promise<'signaled' | 'timeout'> {
  currentEnvironment(waitForAll);
  const given = read(options, waitForAll);
  const waiting = { ...given, kind: 'waitForAll', targets: readTargets(targets, waitForAll), name: 'targets', all: true } as const;
  const outcome = await waitForTargets(waiting, waitForAll);
  return outcome === 'timeout' ? outcome : 'signaled';
}

/**
 * Waits until a process has ended.
 *
 * @param pid the process's id. Windows gives the ids of ended processes to new ones: open a {@link ProcessHandle} early where
 *   the process may end soon.
 * @returns a promise of the exit code, as an unsigned 32-bit number, or of `'timeout'`. It resolves at once where the process
 *   has ended already and somebody still has a handle of it. Rejects with an {@link RtwqError} when there is no such process
 *   (`E_INVALIDARG`) or it may not be opened (`E_ACCESSDENIED`), and otherwise as {@link waitFor} does.
 * @example
 * ```ts
 * console.log('the parent has ended with', await waitForProcessExit(process.ppid, { ref: false }));
 * ```
 */
export async function waitForProcessExit(pid: number, options?: EndlessWaitOptions): Promise<number>;
export async function waitForProcessExit(pid: number, options?: WaitOptions): Promise<number | 'timeout'>;
export async function waitForProcessExit(pid: number, options?: WaitOptions): Promise<number | 'timeout'> {
  currentEnvironment(waitForProcessExit);
  const given = read(options, waitForProcessExit);
  using handle = ProcessHandle.openFor(pid, waitForProcessExit);
  const waiting = { ...given, kind: 'waitForProcessExit', targets: [handle], name: 'target', all: false } as const;
  const outcome = await waitForTargets(waiting, waitForProcessExit);
  return outcome === 'timeout' ? outcome : (handle.exitCode as number);
}
