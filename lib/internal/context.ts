// The async context and the domain in which code runs: a user's callback in those in which it was passed in, and what the package
// does for all of its users in none of theirs.

import { AsyncResource } from 'node:async_hooks';
import { EventEmitter } from 'node:events';
import process from 'node:process';
import { later } from './host';

const load = new AsyncResource('RtwqLoad', { requireManualDestroy: true });
// At once, so that tools which look for open handles do not report it. Its context stays.
load.emitDestroy();

/** Only programs that use the deprecated module `node:domain` have it. */
interface WithDomain {
  domain?: unknown;
}

/**
 * Creates something that serves all users, such as a timer of Node's: in the context of the package's load and in no domain. Otherwise
 * everything that it calls would run in the context of the user who happened to be the first.
 */
export function forAll<T>(create: () => T): T {
  const current = process as WithDomain;
  const { domain } = current;
  if (!domain) return load.runInAsyncScope(create);
  current.domain = undefined;
  try {
    return load.runInAsyncScope(create);
  } finally {
    current.domain = domain;
  }
}

// Node's own, captured at load: programs replace them.
const { listenerCount } = EventEmitter.prototype;
const hasCaptureCallback = process.hasUncaughtExceptionCaptureCallback.bind(process);

/** Whether code sees uncaught exceptions. Listeners of a domain count while the domain is active. */
const areExceptionsSeen = (): boolean =>
  Reflect.apply(listenerCount, process, ['uncaughtException']) > 0 ||
  Reflect.apply(listenerCount, process, ['uncaughtExceptionMonitor']) > 0 ||
  hasCaptureCallback();

/**
 * Runs a user's callback in its context, perhaps on the next tick. What it throws is uncaught, and surfaces in the same context: Node
 * leaves a scope before an exception surfaces, but not a tick that starts in the scope.
 */
export function runForUser<Receiver>(resource: AsyncResource, run: (this: Receiver) => void, receiver: Receiver): void {
  resource.runInAsyncScope(runInScope, receiver, run);
}

function runInScope(this: unknown, run: () => void): void {
  if (areExceptionsSeen()) later(() => Reflect.apply(run, this, []));
  else Reflect.apply(run, this, []);
}
