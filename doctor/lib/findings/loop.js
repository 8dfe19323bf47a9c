// The event loop: how long JavaScript took to run after a timer had fired.

import { ms } from '../words.js';
import { PRECISE } from './view.js';

const LONG_DELAY_MS = 20;
const BUSY_RATIO = 3;
const BUSY_MS = 2;

const WATCH =
  "import { monitorEventLoopDelay } from 'node:perf_hooks';\n" +
  'const delay = monitorEventLoopDelay();\ndelay.enable(); // later: delay.max / 1e6 is the longest delay in ms';

/** The delays from the thread that fires to JavaScript, of all timers that report one; if none does, Node's event-loop delays. */
function delaysOf({ measurements }, load) {
  const cells = measurements.filter((each) => each.load === load && each.lateness);
  const known = cells.flatMap(({ delay }) => delay ?? []);
  return known.length > 0 ? known : (cells.find(({ contender }) => contender === 'event loop')?.late ?? []);
}

function delayed(load, when, severityOf) {
  return (view) => {
    const delays = delaysOf(view, load);
    const long = delays.filter((each) => each > LONG_DELAY_MS);
    if (long.length === 0) return undefined;
    const longest = delays.reduce((most, each) => Math.max(most, each), 0);
    const text =
      `The event loop was delayed by up to ${ms(longest)} ${when}; ${long.length} of ${delays.length} delays ${long.length === 1 ? 'was' : 'were'} ` +
      `longer than ${LONG_DELAY_MS} ms. No timer can prevent that. The doctor does not block its own event loop, so the cause is elsewhere: ` +
      'another program, a virus scanner, or the host of a virtual machine. In your own program, long-running work does the same: measure ' +
      'the delay there, and move such work to a Worker.';
    const id = `loop-held-up-${load}`;
    return { id, severity: severityOf(long.length / delays.length, view), title: 'The event loop was delayed', text, code: WATCH };
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
    `With one processor busy, the p99 of ${idle.contender} was ${ms(other.lateness.p99)} instead of ${ms(idle.lateness.p99)}. The JavaScript ` +
    'thread has to wait for a processor, like any other thread. In a Worker that does little else, MMCSS lets the thread run sooner.';
  const code = "using registration = registerThreadWithMmcss('Pro Audio'); // in a Worker";
  return { id: 'busy', severity: 'advice', title: 'A busy processor makes timers late', text, code };
}

function notIdle({ used, notIdle: others }) {
  if (!others) return undefined;
  const text =
    `${Math.round(used * 100)} % of the processor time was used while the doctor kept no processor busy. The figures under "idle" are those ` +
    'of a busy machine. Close other programs and measure again.';
  return { id: 'not-idle', severity: 'advice', title: 'The machine was not idle', text };
}

export const loopFindings = [
  notIdle,
  delayed('idle', 'while the doctor kept no processor busy', (share, { notIdle: others }) =>
    share > 0.01 && !others ? 'problem' : 'advice',
  ),
  delayed('busy', 'while one processor was busy', () => 'note'),
  busy,
];
