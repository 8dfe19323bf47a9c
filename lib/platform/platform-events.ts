// RtwqRegisterPlatformEvents, RtwqUnregisterPlatformEvents.

import { channel } from 'node:diagnostics_channel';
import { EventEmitter } from 'node:events';
import { currentEnvironment, type Environment, fired, type Operation, repeats } from '../internal/environment';
import { later } from '../internal/later';
import { onStart } from './platform';

/** The events of {@link platformEvents}. */
export interface PlatformEventMap {
  /** The first start of the platform in the process is done. */
  initializationComplete: [];
  /** The platform is about to shut down: the last user has given it back. */
  shutdownStart: [];
  /** The platform has shut down. */
  shutdownComplete: [];
}

// By their numbers in a completion, which start at 1.
const EVENTS = [
  { name: 'initializationComplete', channel: channel('rtworkq:initialization-complete') },
  { name: 'shutdownStart', channel: channel('rtworkq:shutdown-start') },
  { name: 'shutdownComplete', channel: channel('rtworkq:shutdown-complete') },
] as const;

// For as long as the thread: RTWorkQ lets go of it at the thread's end.
let registered = false;

const operation: Operation = {
  [repeats]: true,
  [fired](_status, _firedAt, events) {
    const numbers: number[] = [];
    for (let left = events; left > 0; left = Math.floor(left / 4)) numbers.unshift(left % 4);
    for (const number of numbers) later(tell, number);
  },
};

function tell(number: number): void {
  const event = EVENTS[number - 1];
  if (!event) return;
  event.channel.publish({ name: event.name });
  platformEvents.emit(event.name);
}

function register(environment: Environment): void {
  if (registered) return;
  environment.start(operation, EventEmitter.prototype.on, (native, id) => native.registerPlatformEvents(id));
  registered = true;
}

// Those who subscribe to a channel cannot be asked to register: whoever starts the platform looks whether there are any.
onStart((environment) => {
  if (registered || !EVENTS.some((event) => event.channel.hasSubscribers)) return;
  try {
    register(environment);
  } catch {
    // Nobody has asked for it by a call, so nobody is told that there is none.
  }
});

/**
 * What the RTWorkQ platform tells about itself (`RtwqRegisterPlatformEvents`), whoever in the process starts and ends it. The
 * same events are published on the channels `rtworkq:initialization-complete`, `rtworkq:shutdown-start` and
 * `rtworkq:shutdown-complete` of `node:diagnostics_channel`, to those that subscribed before this thread started the
 * platform.
 *
 * Adding the first listener registers this thread, for good; it throws an {@link RtwqError} where RTWorkQ refuses. Events do
 * not keep the process alive.
 *
 * @example
 * ```ts
 * platformEvents.on('shutdownComplete', () => console.log('RTWorkQ is down'));
 * ```
 */
export const platformEvents = new EventEmitter<PlatformEventMap>();

(platformEvents as EventEmitter).on('newListener', (name: string) => {
  if (EVENTS.some((event) => event.name === name)) register(currentEnvironment(EventEmitter.prototype.on));
});
