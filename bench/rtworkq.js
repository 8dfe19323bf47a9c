// What native/baseline.cc measures in plain C++, through the package; and Node's own timers with the same delays.

'use strict';

const { performance } = require('node:perf_hooks');
const timersPromises = require('node:timers/promises');
const { putWorkItem, scheduleWorkItem, shutdown, startup } = require('rtworkq');

const FAR_AWAY_MS = 10_000;

const perSecond = (count, since) => (count * 1000) / (performance.now() - since);

/** Puts work items one after another in each of `window` lanes: so many are in flight all the time. */
async function putsPerSecond(puts, window) {
  let left = puts;
  const lane = async () => {
    while (left-- > 0) await putWorkItem();
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: window }, lane));
  return perSecond(puts, start);
}

function cancelsPerSecond(cancels) {
  const start = performance.now();
  for (let index = 0; index < cancels; index++) scheduleWorkItem(FAR_AWAY_MS).cancel();
  return perSecond(cancels, start);
}

/**
 * The lateness of one kind of timer in milliseconds, delay by delay. The delays take turns, one timer starts every
 * `pace` milliseconds by the same kind of timer.
 * @param {(delay: number, due: number) => Promise<Record<string, number>>} wait resolves to one lateness or several
 */
async function lateness({ delays, samples, pace }, wait) {
  const started = [];
  for (let sample = 0; sample < samples; sample++) {
    for (const delay of delays) {
      started.push(wait(delay, performance.now() + delay).then((late) => ({ delay, late })));
      await wait(pace, 0);
    }
  }
  const result = {};
  for (const { delay, late } of await Promise.all(started)) {
    for (const [kind, milliseconds] of Object.entries(late)) {
      result[kind] ??= Object.fromEntries(delays.map((each) => [each, []]));
      result[kind][delay].push(milliseconds);
    }
  }
  return result;
}

async function rtworkqLateness(delay, due) {
  const { firedAt } = await scheduleWorkItem(delay);
  return { fired: firedAt - due, settled: performance.now() - due };
}

const setTimeoutLateness = (delay, due) =>
  new Promise((resolve) => setTimeout(() => resolve({ setTimeout: performance.now() - due }), delay));

async function timersPromisesLateness(delay, due) {
  await timersPromises.setTimeout(delay);
  return { timersPromises: performance.now() - due };
}

/** One round, with the sizes of rounds.js. */
async function measure(sizes) {
  startup();
  // Once unmeasured: the first items on a fresh queue are slow, and so is JavaScript that is not compiled yet.
  await putsPerSecond(sizes.puts, sizes.window);
  const puts = await putsPerSecond(sizes.puts, sizes.window);
  const pings = await putsPerSecond(sizes.pings, 1);
  const cancels = cancelsPerSecond(sizes.cancels);
  const rtworkq = await lateness(sizes, rtworkqLateness);
  const node = [await lateness(sizes, setTimeoutLateness), await lateness(sizes, timersPromisesLateness)];
  await shutdown();
  return { puts, pings, cancels, lateness: Object.assign(rtworkq, ...node) };
}

module.exports = { measure };
