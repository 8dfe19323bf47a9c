// How late each kind of timer is, and why.

import { ms } from '../words.js';
import { PRECISE } from './view.js';

// Timers that follow the Windows tick are later than this; high-resolution timers are not.
const COARSE_MS = 2.5;
// On an idle machine, waking a thread takes less than this at the p99.
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
    `setTimeout(${period}) took ${ms(period + lateness.p50)} at the median. Node's timers follow the Windows timer tick of ` +
      `${ms(tickOf(view))}, because nothing in this process requested a finer one.`,
    ...(precise ? [`setTimeout from rtworkq/timers took ${ms(period + precise.lateness.p50)} with the same tick.`] : []),
  ];
  const title = `setTimeout follows the Windows tick of ${ms(tickOf(view))}`;
  return { id: 'coarse-timeout', severity: 'advice', title, text: text.join(' '), code: USE_TIMERS };
}

function drift(view) {
  const cell = view.cell('setInterval');
  if (!view.supported || !(cell?.driftMsPerSecond >= DRIFT_MS)) return undefined;
  const precise = view.cell(PRECISE[1]);
  const { period, driftMsPerSecond: lost } = cell;
  const kept = precise && (precise.driftMsPerSecond >= 1 ? ms(precise.driftMsPerSecond) : 'nothing');
  const other = precise ? ` setInterval from rtworkq/timers counts from its start, and lost ${kept}.` : '';
  const text = `setInterval(${period}) lost ${ms(lost)} per second, because each call starts a new period.${other}`;
  return { id: 'drift', severity: 'advice', title: 'setInterval drifts', text, code: "import { setInterval } from 'rtworkq/timers';" };
}

function coarseSchedule(view) {
  const cell = view.cell('scheduleWorkItem');
  if (!view.windows || !isCoarse(cell)) return undefined;
  const text =
    `scheduleWorkItem(${cell.period}) was ${ms(cell.lateness.p50)} late at the median. RtwqScheduleWorkItem follows the Windows tick. ` +
    'For precise times use rtworkq/timers, or a WaitableTimer if you need a handle.';
  const code = "import { setTimeout } from 'rtworkq/timers/promises';";
  return { id: 'coarse-schedule', severity: 'note', title: 'scheduleWorkItem follows the tick', text, code };
}

function beat(view) {
  const cell = view.cell("RTWorkQ's beat");
  if (!view.windows || !cell || Math.abs(cell.lateness.mean) < 1) return undefined;
  const text =
    `addPeriodicCallback and periodicBeat fired every ${ms(cell.period + cell.lateness.mean)} instead of every ${ms(cell.period)}. You cannot ` +
    'choose that period. With a WaitableTimer you can.';
  return { id: 'beat', severity: 'note', title: "RTWorkQ's beat follows the tick", text, code: 'timer.set(0, { period: 10 });' };
}

function noHighResolution(view) {
  if (view.fact('highResolutionTimers') !== false) return undefined;
  const text =
    'High-resolution timers require Windows 10, version 1803, or later. Here rtworkq/timers and WaitableTimer follow the tick too. Request a ' +
    'finer tick for as long as you need it.';
  const code = 'using resolution = requestTimerResolution(1);';
  return { id: 'no-high-resolution', severity: 'advice', title: 'No high-resolution timers', text, code };
}

/** How late rtworkq/timers themselves are. */
function precise(view) {
  const cells = PRECISE.map((name) => view.cell(name)).filter(Boolean);
  if (!view.supported || cells.length === 0) return undefined;
  const p99 = Math.max(...cells.map(({ lateness }) => lateness.p99));
  const p50 = Math.max(...cells.map(({ lateness }) => lateness.p50));
  const figures = `p50 ${ms(p50)}, p99 ${ms(p99)}`;
  if (p99 <= LATE_MS) {
    const text = `While the doctor kept no processor busy, the lateness of rtworkq/timers was ${figures}.`;
    return { id: 'precise', severity: 'good', title: 'rtworkq/timers are on time', text };
  }
  const text =
    `While the doctor kept no processor busy, the lateness of rtworkq/timers was ${figures}. Windows woke their threads late, or JavaScript ran ` +
    'late. The other findings list possible causes.';
  return { id: 'late', severity: view.notIdle ? 'advice' : 'problem', title: 'Even rtworkq/timers were late', text };
}

export const timerFindings = [precise, coarseTimeout, drift, noHighResolution, coarseSchedule, beat];
