// How late the kinds of timers are, and why.

import { ms } from '../words.js';
import { PRECISE } from './view.js';

// Timers that go by the tick of Windows are later than that, those in high resolution are not.
const COARSE_MS = 2.5;
// More than that at the p99 is more than waking a thread takes on a machine that has nothing else to do.
const LATE_MS = 5;
const DRIFT_MS = 10;
const DEFAULT_TICK_MS = 15.625;

const USE_TIMERS = "import { setTimeout, setInterval } from 'rtworkq/timers';";

const tickOf = (view) => view.fact('timerResolution')?.coarsest ?? DEFAULT_TICK_MS;
export const isCoarse = (cell) => cell !== undefined && cell.lateness.p50 >= COARSE_MS;

function coarseTimeout(view) {
  const cell = view.cell('setTimeout');
  if (!view.windows || !isCoarse(cell)) return undefined;
  const { period, lateness } = cell;
  const precise = view.cell(PRECISE[0]);
  const text = [
    `setTimeout(${period}) took ${ms(period + lateness.p50)} at the median. Node waits by the tick of Windows, which comes each ` +
      `${ms(tickOf(view))} because nothing in this process asked for more.`,
    ...(precise ? [`The setTimeout of rtworkq/timers took ${ms(period + precise.lateness.p50)}, without a faster tick.`] : []),
  ];
  const title = `setTimeout rounds to the tick of Windows, ${ms(tickOf(view))}`;
  return { id: 'coarse-timeout', severity: 'advice', title, text: text.join(' '), code: USE_TIMERS };
}

function drift(view) {
  const cell = view.cell('setInterval');
  if (!view.supported || !(cell?.driftMsPerSecond >= DRIFT_MS)) return undefined;
  const precise = view.cell(PRECISE[1]);
  const { period, driftMsPerSecond: lost } = cell;
  const kept = precise && (precise.driftMsPerSecond >= 1 ? ms(precise.driftMsPerSecond) : 'nothing');
  const other = precise ? ` That of rtworkq/timers counts from its start, and lost ${kept}.` : '';
  const text = `setInterval(${period}) lost ${ms(lost)} in each second, because each call begins a new period.${other}`;
  return { id: 'drift', severity: 'advice', title: 'setInterval drifts', text, code: "import { setInterval } from 'rtworkq/timers';" };
}

function coarseSchedule(view) {
  const cell = view.cell('scheduleWorkItem');
  if (!view.windows || !isCoarse(cell)) return undefined;
  const text =
    `scheduleWorkItem(${cell.period}) was ${ms(cell.lateness.p50)} late at the median. RtwqScheduleWorkItem goes by the tick of Windows. ` +
    'For a precise time take rtworkq/timers, or a WaitableTimer where a handle is wanted.';
  const code = "import { setTimeout } from 'rtworkq/timers/promises';";
  return { id: 'coarse-schedule', severity: 'note', title: 'scheduleWorkItem goes by the tick', text, code };
}

function beat(view) {
  const cell = view.cell("RTWorkQ's beat");
  if (!view.windows || !cell || Math.abs(cell.lateness.mean) < 1) return undefined;
  const text =
    `addPeriodicCallback and periodicBeat came each ${ms(cell.period + cell.lateness.mean)}, and not each ${ms(cell.period)}. The beat ` +
    'cannot be chosen. A WaitableTimer has a period of your own.';
  return { id: 'beat', severity: 'note', title: "RTWorkQ's beat goes by the tick", text, code: 'timer.set(0, { period: 10 });' };
}

function noHighResolution(view) {
  if (view.fact('highResolutionTimers') !== false) return undefined;
  const text =
    'Windows gives high-resolution timers from Windows 10, version 1803, on. Here rtworkq/timers and WaitableTimer go by the tick too. ' +
    'Ask for a faster one for as long as you need it.';
  const code = 'using resolution = requestTimerResolution(1);';
  return { id: 'no-high-resolution', severity: 'advice', title: 'No timers in high resolution', text, code };
}

/** The figure that all others are compared with. */
function precise(view) {
  const cells = PRECISE.map((name) => view.cell(name)).filter(Boolean);
  if (!view.supported || cells.length === 0) return undefined;
  const p99 = Math.max(...cells.map(({ lateness }) => lateness.p99));
  const p50 = Math.max(...cells.map(({ lateness }) => lateness.p50));
  const figures = `p50 ${ms(p50)}, p99 ${ms(p99)}`;
  if (p99 <= LATE_MS) {
    const text = `While the doctor kept nothing busy, rtworkq/timers were this late: ${figures}.`;
    return { id: 'precise', severity: 'good', title: 'rtworkq/timers are on time', text };
  }
  const text =
    `While the doctor kept nothing busy, rtworkq/timers were this late: ${figures}. Windows woke their threads late, or JavaScript heard of it late. ` +
    'The other findings say what may be behind it.';
  return { id: 'late', severity: view.notIdle ? 'advice' : 'problem', title: 'rtworkq/timers were late too', text };
}

export const timerFindings = [precise, coarseTimeout, drift, noHighResolution, coarseSchedule, beat];
