// The kinds of timers that are measured, and how each is driven. Lateness follows the timer's own rule: a timer that starts
// again after each call is due one period after that call; a timer that keeps to a grid is due at the grid's next time.
//
// This code runs in contender.js. run() continues until performance.now() reaches `until`, and reports each call:
// `late`, in milliseconds after the due time; `missed`, the number of due times skipped before it; `delay`, the milliseconds
// from the thread that fires to JavaScript, if known.

import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { requireRtworkq } from '../package.js';

const sinceFired = (now, firedAt) => (firedAt === undefined ? undefined : now - firedAt);

/**
 * Starts the next timer after the previous one has fired.
 * @param {(delay: number) => Promise<number | undefined>} wait resolves to the time when the timer fired
 */
const chain =
  (wait) =>
  async ({ period, until, tick }) => {
    for (let start = performance.now(); start < until; ) {
      const firedAt = await wait(period);
      const now = performance.now();
      tick({ late: now - start - period, delay: sinceFired(now, firedAt) });
      start = now;
    }
  };

/**
 * Repeated calls. Each call starts a new period.
 * @param {(period: number, call: (firedAt?: number, missed?: number) => void) => () => void} every
 */
const calls =
  (every) =>
  ({ period, until, tick }) =>
    new Promise((resolve) => {
      let last = performance.now();
      const stop = every(period, (firedAt, missed = 0) => {
        const now = performance.now();
        tick({ late: now - last - period * (missed + 1), missed, delay: sinceFired(now, firedAt) });
        last = now;
        if (now < until) return;
        stop();
        resolve();
      });
    });

const nodeInterval = (period, call) => {
  const timer = setInterval(() => call(), period);
  return () => clearInterval(timer);
};

async function runInterval({ period, until, tick }) {
  const { setInterval: intervalOf } = requireRtworkq('rtworkq/timers/promises');
  for await (const { dueAt, firedAt, missed } of intervalOf(period, undefined, { missed: 'skip', details: true })) {
    const now = performance.now();
    tick({ late: now - dueAt, missed, delay: now - firedAt });
    if (now >= until) return;
  }
}

async function runWaitableTimer({ period, until, tick }) {
  const { WaitableTimer } = requireRtworkq();
  const timer = WaitableTimer.create();
  try {
    let due = performance.now();
    timer.set(period, { period });
    for await (const { firedAt, missed = 0 } of timer) {
      const now = performance.now();
      due += period * (missed + 1);
      tick({ late: now - due, missed, delay: now - firedAt });
      if (now >= until) return;
    }
  } finally {
    timer.close();
  }
}

const beat = (_, call) => {
  const callback = requireRtworkq().addPeriodicCallback(({ firedAt, missed }) => call(firedAt, missed));
  return () => callback.remove();
};

/** Node's own event-loop delays, with nothing else in the loop. Percentiles stand in for the single values. */
async function watchLoop({ period, until, tick }) {
  const delays = monitorEventLoopDelay({ resolution: period });
  delays.enable();
  await sleep(until - performance.now());
  // On a very busy machine, Node may not have taken a sample yet.
  while (delays.count === 0) await sleep(period);
  delays.disable();
  const { count } = delays;
  for (let index = 0; index < count; index++) {
    // Node measures the whole time between two samples, including the period.
    tick({ late: delays.percentile(((index + 0.5) / count) * 100) / 1e6 - period });
  }
}

const always = (run, more) => async () => ({ run, ...more });
const withRtworkq = (make) => async () => {
  const status = requireRtworkq().supportStatus();
  if (!status.supported) throw new Error(status.reason);
  return { run: make(requireRtworkq) };
};

/**
 * @typedef {object} Contender
 * @property {(slice: { period: number, until: number, tick: (call: { late: number, missed?: number, delay?: number }) => void }) =>
 *   Promise<void>} run
 * @property {boolean} [counted] false if its calls say nothing about drift
 *
 * @type {Record<string, { node: boolean, load: () => Promise<Contender> }>} `node` means that it exists on every system
 */
export const contenders = {
  setTimeout: {
    node: true,
    load: always(chain(async (delay) => void (await new Promise((resolve) => setTimeout(resolve, delay))))),
  },
  setInterval: { node: true, load: always(calls(nodeInterval)) },
  'event loop': { node: true, load: always(watchLoop, { counted: false }) },
  'rtworkq/timers setTimeout': {
    node: false,
    load: withRtworkq((require) => {
      const { setTimeout: later } = require('rtworkq/timers');
      return chain(async (delay) => void (await new Promise((resolve) => later(resolve, delay))));
    }),
  },
  'rtworkq/timers setInterval': { node: false, load: withRtworkq(() => runInterval) },
  WaitableTimer: { node: false, load: withRtworkq(() => runWaitableTimer) },
  scheduleWorkItem: {
    node: false,
    load: withRtworkq((require) => {
      const { scheduleWorkItem } = require();
      return chain(async (delay) => (await scheduleWorkItem(delay)).firedAt);
    }),
  },
  "RTWorkQ's beat": { node: false, load: withRtworkq(() => calls(beat)) },
};
