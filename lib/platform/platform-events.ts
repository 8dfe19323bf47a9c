// RtwqRegisterPlatformEvents, RtwqUnregisterPlatformEvents.

import { channel } from 'node:diagnostics_channel';
import { EventEmitter } from 'node:events';
import { type Environment, fired, type Operation, repeats, rtworkqEnvironment } from '../internal/environment';
import { later } from '../internal/host';
import { onStart } from './platform';

/** The events of {@link platformEvents}. */
export interface PlatformEventMap {
  /** The platform has started for the first time in the process. */
  initializationComplete: [];
  /** The platform is about to shut down: its last user has released it. */
  shutdownStart: [];
  /** The platform has shut down. */
  shutdownComplete: [];
}

// The index is the event's number in a completion, minus 1.
const EVENTS = [
  { name: 'initializationComplete', channel: channel('rtworkq:initialization-complete') },
  { name: 'shutdownStart', channel: channel('rtworkq:shutdown-start') },
  { name: 'shutdownComplete', channel: channel('rtworkq:shutdown-complete') },
] as const;

// A registration lasts until the thread ends.
const registered = new WeakSet<Environment>();

const operation: Operation = {
  [repeats]: true,
  [fired](_status, _firedAt, events) {
    const numbers: number[] = [];
    for (let left = events; left > 0; left = Math.floor(left / 4)) numbers.unshift(left % 4);
    for (const number of numbers) later(() => publish(number));
  },
};

function publish(number: number): void {
  const event = EVENTS[number - 1];
  if (!event) return;
  event.channel.publish({ name: event.name });
  platformEvents.emit(event.name);
}

function register(environment: Environment): void {
  if (registered.has(environment)) return;
  environment.start(operation, EventEmitter.prototype.on, (native, id) => native.registerPlatformEvents(id));
  registered.add(environment);
}

const isAwaited = ({ name, channel }: (typeof EVENTS)[number]): boolean => channel.hasSubscribers || platformEvents.listenerCount(name) > 0;

// Channels do not tell us about new subscribers, so look for them when this thread starts the platform. Listeners may have been added
// before a simulation began.
onStart((environment) => {
  if (registered.has(environment) || !EVENTS.some(isAwaited)) return;
  try {
    register(environment);
  } catch {
    // No user call asked for this, so no call can report the failure.
  }
});

/**
 * Emits the RTWorkQ platform's events, no matter who in the process starts and ends it (`RtwqRegisterPlatformEvents`).
 *
 * The same events are published on the `node:diagnostics_channel` channels `rtworkq:initialization-complete`,
 * `rtworkq:shutdown-start` and `rtworkq:shutdown-complete`, for subscribers that were there before this thread started the
 * platform.
 *
 * Adding the first listener registers this thread, until the thread ends. It throws an {@link RtwqError} if the call fails.
 * Listeners do not keep the process alive.
 *
 * @example
 * ```ts
 * platformEvents.on('shutdownComplete', () => console.log('RTWorkQ is down'));
 * ```
 */
export const platformEvents = new EventEmitter<PlatformEventMap>();

(platformEvents as EventEmitter).on('newListener', (name: string) => {
  if (EVENTS.some((event) => event.name === name)) register(rtworkqEnvironment(EventEmitter.prototype.on));
});
