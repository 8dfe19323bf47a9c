// The Windows timer tick: what it is now, and what a request for a finer one does.

import { ms } from '../words.js';
import { isCoarse } from './timers.js';

// Since this version, a request applies only to the process that makes it.
const VERSION_2004 = 19_041;
const WINDOWS_11 = 22_000;
const OWN_TICK = 'using resolution = requestTimerResolution(1);';

const timeoutWithRaisedTick = (view) => view.cell('setTimeout', 'idle', 'raised');

function raisedByOthers(view) {
  const tick = view.fact('timerResolution');
  if (!view.windows || !tick || tick.current >= tick.coarsest / 2) return undefined;
  const shared = view.build < VERSION_2004 || view.fact('globalTimerRequests') === true;
  const text = shared
    ? `Another program has set the Windows tick to ${ms(tick.current)}, and on this Windows that applies to every process. Your timers are ` +
      'better now than they will be when that program closes. Request the tick that you need yourself.'
    : `Another program has set the Windows tick to ${ms(tick.current)}. Since Windows 10, version 2004, that applies only to that program; ` +
      'this process has to make its own request.';
  const title = `Another program requested a tick of ${ms(tick.current)}`;
  return { id: 'raised-by-others', severity: 'note', title, text, ...(shared && { code: OWN_TICK }) };
}

function globalRequests(view) {
  if (view.fact('globalTimerRequests') !== true || !(view.build >= VERSION_2004)) return undefined;
  const text =
    "GlobalTimerResolutionRequests is set in the registry, so any program's request for a finer tick applies to every process, as it did " +
    'before Windows 10, version 2004. Other machines do not have this setting.';
  return { id: 'global-requests', severity: 'note', title: 'Tick requests apply to every process', text };
}

function raisingHelps(view) {
  const before = view.cell('setTimeout');
  const after = timeoutWithRaisedTick(view);
  if (!view.windows || !after || !isCoarse(before) || isCoarse(after)) return undefined;
  const text =
    `With a tick of 1 ms, setTimeout was ${ms(after.lateness.p50)} late at the median instead of ${ms(before.lateness.p50)}. The request costs ` +
    'power for as long as you hold it. rtworkq/timers and WaitableTimer do not need it.';
  return { id: 'raising-helps', severity: 'note', title: 'A finer tick helps setTimeout', text, code: OWN_TICK };
}

function raisingIgnored(view) {
  const after = timeoutWithRaisedTick(view);
  if (!view.windows || !isCoarse(after)) return undefined;
  const throttled = view.fact('powerThrottling')?.timerResolution;
  const why =
    throttled === true
      ? 'This process is set to have its requests ignored.'
      : 'Windows 11 ignores the requests of programs that play no sound and whose windows are all hidden.';
  const text = `With requestTimerResolution(1), setTimeout was still ${ms(after.lateness.p50)} late at the median. ${why}`;
  const code = 'setPowerThrottling({ timerResolution: false });';
  return { id: 'raising-ignored', severity: 'advice', title: 'Windows ignored the request for a finer tick', text, code };
}

function mayBeIgnored(view) {
  const throttling = view.fact('powerThrottling');
  if (!view.windows || !(view.build >= WINDOWS_11) || throttling?.timerResolution !== 'system' || isCoarse(timeoutWithRaisedTick(view)))
    return undefined;
  const text =
    'Windows 11 may ignore requestTimerResolution() while a program plays no sound and all its windows are minimised or hidden. It is not ' +
    'documented whether this affects high-resolution timers.';
  const code = 'setPowerThrottling({ timerResolution: false });';
  return { id: 'hidden-windows', severity: 'note', title: 'Windows may ignore a finer tick while windows are hidden', text, code };
}

export const resolutionFindings = [raisingIgnored, raisingHelps, raisedByOthers, globalRequests, mayBeIgnored];
