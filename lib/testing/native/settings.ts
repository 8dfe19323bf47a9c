// Settings of the process: src/node/settings.cc.

import type { NativeEnvironment } from '../../internal/native';
import type { Context } from '../windows/world';

type Functions = Pick<
  NativeEnvironment,
  'timerResolutionRange' | 'requestTimerResolution' | 'releaseTimerResolution' | 'setPowerThrottling'
>;

// As in Windows 10 and 11.
const [FINEST, COARSEST] = [1, 1_000_000];

export function settingFunctions({ machine, out }: Context): Functions {
  const { failures, resolutions } = machine;
  let last = 0;
  return {
    timerResolutionRange: () => {
      [out[0], out[1]] = [FINEST, COARSEST];
      return failures.call('timeGetDevCaps');
    },
    requestTimerResolution: (milliseconds) => {
      const outcome = failures.call('timeBeginPeriod');
      if (outcome !== 0) return outcome;
      resolutions.set(++last, milliseconds);
      out[0] = last;
      return 0;
    },
    releaseTimerResolution: (request) => {
      resolutions.delete(request);
      return failures.call('timeEndPeriod');
    },
    setPowerThrottling: () => failures.call('SetProcessInformation'),
  };
}
