// The tick of Windows: what it is now, and what asking for a faster one does.

import { ms } from '../words.js';
import { isCoarse } from './timers.js';

// From this version on, a request counts for the process that made it only.
const VERSION_2004 = 19_041;
const WINDOWS_11 = 22_000;
const OWN_TICK = 'using resolution = requestTimerResolution(1);';

const raisedTimeout = (view) => view.cell('setTimeout', 'idle', 'raised');

function raisedByOthers(view) {
  const tick = view.fact('timerResolution');
  if (!view.windows || !tick || tick.current >= tick.coarsest / 2) return undefined;
  const shared = view.build < VERSION_2004 || view.fact('globalTimerRequests') === true;
  const text = shared
    ? `Another program has Windows tick each ${ms(tick.current)}, and this Windows lets that count for all. Your timers are better now than ` +
      'they are when that program is closed. Ask for what you need yourself.'
    : `Another program has Windows tick each ${ms(tick.current)}. Since version 2004 that counts for that program only; this process has to ` +
      'ask by itself.';
  const title = `Another program asked for a tick of ${ms(tick.current)}`;
  return { id: 'raised-by-others', severity: 'note', title, text, ...(shared && { code: OWN_TICK }) };
}

function globalRequests(view) {
  if (view.fact('globalTimerRequests') !== true || !(view.build >= VERSION_2004)) return undefined;
  const text =
    'GlobalTimerResolutionRequests is set in the registry, so that the request of any program counts for all, as before Windows 10, ' +
    'version 2004. Other machines do not have that.';
  return { id: 'global-requests', severity: 'note', title: 'Requests for a tick count for all programs', text };
}

function raisingHelps(view) {
  const before = view.cell('setTimeout');
  const after = raisedTimeout(view);
  if (!view.windows || !after || !isCoarse(before) || isCoarse(after)) return undefined;
  const text =
    `With a tick of 1 ms, setTimeout was ${ms(after.lateness.p50)} late at the median instead of ${ms(before.lateness.p50)}. It costs power ` +
    'for as long as you hold it. rtworkq/timers and WaitableTimer need none of it.';
  return { id: 'raising-helps', severity: 'note', title: 'A faster tick helps setTimeout', text, code: OWN_TICK };
}

function raisingIgnored(view) {
  const after = raisedTimeout(view);
  if (!view.windows || !isCoarse(after)) return undefined;
  const throttled = view.fact('powerThrottling')?.timerResolution;
  const why =
    throttled === true
      ? 'This process is told to have its requests passed over.'
      : 'Windows 11 does that with programs whose windows are all hidden and that nobody hears.';
  const text = `With requestTimerResolution(1) setTimeout was still ${ms(after.lateness.p50)} late at the median. ${why}`;
  const code = 'setPowerThrottling({ timerResolution: false });';
  return { id: 'raising-ignored', severity: 'advice', title: 'Windows passed over the request for a faster tick', text, code };
}

function mayBeIgnored(view) {
  const throttling = view.fact('powerThrottling');
  if (!view.windows || !(view.build >= WINDOWS_11) || throttling?.timerResolution !== 'system' || isCoarse(raisedTimeout(view)))
    return undefined;
  const text =
    'On Windows 11 requestTimerResolution() does not count while all windows of a program are minimised or hidden and nothing is heard of ' +
    'it. It is not documented whether high-resolution timers are touched by that.';
  const code = 'setPowerThrottling({ timerResolution: false });';
  return { id: 'hidden-windows', severity: 'note', title: 'A faster tick may not count for hidden windows', text, code };
}

export const resolutionFindings = [raisingIgnored, raisingHelps, raisedByOthers, globalRequests, mayBeIgnored];
