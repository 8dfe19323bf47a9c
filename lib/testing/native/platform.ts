// The platform's start and end, periodic callbacks and platform events: src/node/platform.cc.

import type { NativeEnvironment } from '../../internal/native';
import { Notice } from '../windows/operations';
import { INITIALIZATION_COMPLETE, PeriodicCallback, PlatformEvents, SHUTDOWN_COMPLETE, SHUTDOWN_START } from '../windows/periodic';
import type { Context } from '../windows/world';

type Functions = Pick<
  NativeEnvironment,
  | 'acquire'
  | 'isIdle'
  | 'held'
  | 'hasUndelivered'
  | 'release'
  | 'comeBack'
  | 'awaitIdle'
  | 'lockPlatform'
  | 'unlockPlatform'
  | 'now'
  | 'addPeriodicCallback'
  | 'registerPlatformEvents'
>;

export function platformFunctions({ channel, machine, rtworkq, platformLocks, out }: Context): Functions {
  const { failures } = machine;
  let isUp = false;
  return {
    acquire: () => {
      if (isUp) return 0;
      const outcome = failures.call('RtwqStartup', 'RtwqLockPlatform');
      isUp = outcome === 0;
      if (isUp) rtworkq.notify(INITIALIZATION_COMPLETE);
      return outcome;
    },
    isIdle: () => channel.isIdle,
    held: (counts) => channel.counts(counts),
    hasUndelivered: () => channel.hasUndelivered,
    release: () => {
      if (!isUp) return 0;
      isUp = false;
      rtworkq.notify(SHUTDOWN_START);
      rtworkq.notify(SHUTDOWN_COMPLETE);
      return failures.call('RtwqUnlockPlatform', 'RtwqShutdown');
    },
    // Turns are never put off.
    comeBack: () => {},
    awaitIdle: (id, ref) => {
      const notice = new Notice(channel, id);
      return channel.begin(notice, ref, () => {
        channel.notifyWhenIdle(notice);
        return 0;
      });
    },
    lockPlatform: () => {
      const outcome = failures.call('RtwqLockPlatform');
      if (outcome === 0) out[0] = platformLocks.add(true);
      return outcome;
    },
    unlockPlatform: (lock) => {
      platformLocks.remove(lock);
      return failures.call('RtwqUnlockPlatform');
    },
    now: () => machine.now,
    addPeriodicCallback: (id, ref) => {
      const callback = new PeriodicCallback(channel, id);
      return channel.begin(callback, ref, () => callback.add());
    },
    registerPlatformEvents: (id) => {
      const events = new PlatformEvents(channel, id, () => rtworkq.observers.delete(events));
      return channel.begin(events, false, () => {
        const outcome = failures.call('RtwqRegisterPlatformEvents');
        if (outcome === 0) rtworkq.observers.add(events);
        return outcome;
      });
    },
  };
}
