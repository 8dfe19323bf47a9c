// The event loop: how long JavaScript took to hear of what had happened, whatever the timers do.

import { ms } from '../words.js';
import { PRECISE } from './view.js';

const HELD_UP_MS = 20;
const BUSY_RATIO = 3;
const BUSY_MS = 2;

const WATCH =
  "import { monitorEventLoopDelay } from 'node:perf_hooks';\n" +
  'const delay = monitorEventLoopDelay();\ndelay.enable(); // some time later: delay.max / 1e6 milliseconds';

/** The times between RTWorkQ's thread and JavaScript, of all kinds of timers that know; of Node's own count where none does. */
function delaysOf({ measurements }, load) {
  const cells = measurements.filter((each) => each.load === load && each.lateness);
  const known = cells.flatMap(({ delay }) => delay ?? []);
  return known.length > 0 ? known : (cells.find(({ contender }) => contender === 'event loop')?.late ?? []);
}

function heldUp(load, when, severityOf) {
  return (view) => {
    const delays = delaysOf(view, load);
    const long = delays.filter((each) => each > HELD_UP_MS);
    if (long.length === 0) return undefined;
    const longest = delays.reduce((most, each) => Math.max(most, each), 0);
    const times = long.length === 1 ? 'once' : `${long.length} times`;
    const text =
      `The event loop was held up for up to ${ms(longest)} ${when}, ${times} for more than ${HELD_UP_MS} ms, out of ${delays.length}. No timer ` +
      "helps against that. Nothing of the doctor's blocks its loop, so the machine did it: other programs, a virus scanner, the host of a " +
      'virtual machine. In your own program long work does it too: watch for it there, and move it to a Worker.';
    const id = `loop-held-up-${load}`;
    return { id, severity: severityOf(long.length / delays.length, view), title: 'The event loop was held up', text, code: WATCH };
  };
}

function busy(view) {
  const pairs = PRECISE.map((name) => [view.cell(name), view.cell(name, 'busy')]).filter(([idle, other]) => idle && other);
  const worse = pairs.find(
    ([idle, other]) => other.lateness.p99 > BUSY_MS && other.lateness.p99 > BUSY_RATIO * Math.max(idle.lateness.p99, 0.1),
  );
  if (!view.supported || !worse) return undefined;
  const [idle, other] = worse;
  const text =
    `Beside one busy processor the p99 of ${idle.contender} was ${ms(other.lateness.p99)} instead of ${ms(idle.lateness.p99)}. JavaScript's ` +
    'thread waits for its turn like any other. In a Worker that does little else, MMCSS gets it earlier turns.';
  const code = "using registration = registerThreadWithMmcss('Pro Audio'); // in a Worker";
  return { id: 'busy', severity: 'advice', title: 'A busy processor makes timers late', text, code };
}

function notIdle({ used, notIdle: others }) {
  if (!others) return undefined;
  const text =
    `${Math.round(used * 100)} % of the processors were used while the doctor kept none busy. What is called idle here is a busy machine. ` +
    'Close other programs and measure once more.';
  return { id: 'not-idle', severity: 'advice', title: 'The machine was not idle', text };
}

export const loopFindings = [
  notIdle,
  heldUp('idle', 'while the doctor kept nothing busy', (share, { notIdle: others }) => (share > 0.01 && !others ? 'problem' : 'advice')),
  heldUp('busy', 'while one processor was busy', () => 'note'),
  busy,
];
