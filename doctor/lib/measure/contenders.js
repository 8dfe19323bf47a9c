// The kinds of timers that are measured, and how each is kept going. What is late is said by the timer's own rule: one that
// starts anew after each call is due a period after that; one that keeps to a grid is due at the next time of it.
//
// All of it runs in contender.js. run() goes on until the time `until` of performance.now() and tells of each call:
// `late`, milliseconds after it was due; `missed`, how many times went by before it; `delay`, milliseconds between the time when
// RTWorkQ's thread had it and the time when JavaScript did, where that is known.

import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { requireRtworkq } from '../package.js';

const sinceFired = (now, firedAt) => (firedAt === undefined ? undefined : now - firedAt);

/** One timer after the other. @param {(delay: number) => Promise<number | undefined>} wait resolves to the time when it fired */
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

/** Calls that each begin a new period. @param {(period: number, call: (firedAt?: number, missed?: number) => void) => () => void} every */
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

async function keepInterval({ period, until, tick }) {
  const { setInterval: intervalOf } = requireRtworkq('rtworkq/timers/promises');
  for await (const { dueAt, firedAt, missed } of intervalOf(period, undefined, { missed: 'skip', details: true })) {
    const now = performance.now();
    tick({ late: now - dueAt, missed, delay: now - firedAt });
    if (now >= until) return;
  }
}

async function keepWaitableTimer({ period, until, tick }) {
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

/** What Node itself counts, with nothing else in the loop: percentiles that stand for the single values. */
async function watchLoop({ period, until, tick }) {
  const delays = monitorEventLoopDelay({ resolution: period });
  delays.enable();
  await sleep(until - performance.now());
  // On a machine that had no time for it, it has not looked yet.
  while (delays.count === 0) await sleep(period);
  delays.disable();
  const { count } = delays;
  for (let index = 0; index < count; index++) {
    // Node counts the whole time from one look to the next.
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
 * @property {boolean} [counted] false where its calls say nothing about drift
 *
 * @type {Record<string, { node: boolean, load: () => Promise<Contender> }>} `node` says that it is there on every system
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
  'rtworkq/timers setInterval': { node: false, load: withRtworkq(() => keepInterval) },
  WaitableTimer: { node: false, load: withRtworkq(() => keepWaitableTimer) },
  scheduleWorkItem: {
    node: false,
    load: withRtworkq((require) => {
      const { scheduleWorkItem } = require();
      return chain(async (delay) => (await scheduleWorkItem(delay)).firedAt);
    }),
  },
  "RTWorkQ's beat": { node: false, load: withRtworkq(() => calls(beat)) },
};
