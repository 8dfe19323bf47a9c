// Uses of the package that need the host's clock, ticks, turns and timers, under fakes.

import process from 'node:process';
import nodeTimers from 'node:timers';

// From before the fakes.
const { setInterval: hostSetInterval, clearInterval: hostClearInterval } = nodeTimers;
const { now: systemTime } = Date;

const PATIENCE = 20_000;

interface Package {
  rtworkq: typeof import('rtworkq');
  timers: typeof import('rtworkq/timers');
  promises: typeof import('rtworkq/timers/promises');
}

/** Loads a new copy. */
function load(): Package {
  for (const file of Object.keys(require.cache)) if (/[\\/]dist[\\/]/.test(file)) delete require.cache[file];
  return { rtworkq: require('rtworkq'), timers: require('rtworkq/timers'), promises: require('rtworkq/timers/promises') };
}

type Use = (use: Package) => PromiseLike<unknown>;

const TIMERS: Record<string, Use> = {
  setTimeout: ({ timers }) => new Promise<void>((resolve) => timers.setTimeout(resolve, 1)),
  setInterval: ({ timers }) =>
    new Promise<void>((resolve) => {
      let ticks = 0;
      const interval = timers.setInterval(() => {
        if (++ticks < 3) return;
        timers.clearInterval(interval);
        resolve();
      }, 1);
    }),
  'several at once': ({ timers }) => Promise.all([1, 2, 3].map(() => new Promise<void>((resolve) => timers.setTimeout(resolve, 1)))),
  'a promise': ({ promises }) => promises.setTimeout(1),
  async 'an async interval'({ promises }) {
    let ticks = 0;
    for await (const _ of promises.setInterval(1)) if (++ticks === 3) break;
  },
  'a time of day': ({ promises }) => promises.sleepUntil(new Date(systemTime() + 1)),
  setImmediate: ({ timers }) => new Promise<void>((resolve) => timers.setImmediate(resolve)),
  'scheduler.yield': ({ promises }) => promises.scheduler.yield(),
  'an exception': ({ timers }) =>
    new Promise<unknown>((resolve) => {
      process.once('uncaughtException', resolve);
      timers.setTimeout(() => {
        throw new Error('on purpose');
      }, 1);
    }),
  async 'clearTimeout and clearImmediate'({ timers, promises }) {
    const fail = () => process.exit(3);
    timers.clearTimeout(timers.setTimeout(fail, 1));
    timers.clearImmediate(timers.setImmediate(fail));
    await promises.setTimeout(2);
  },
};

const WINDOWS: Record<string, Use> = {
  'a work item': ({ rtworkq }) => rtworkq.scheduleWorkItem(1),
  // More than one turn delivers.
  'many work items': ({ rtworkq }) => Promise.all(Array.from({ length: 2000 }, () => rtworkq.putWorkItem())),
  async 'a wait'({ rtworkq }) {
    using event = rtworkq.WaitableEvent.create();
    await event.wait({ timeout: 1 });
  },
  'a lock': ({ rtworkq }) => rtworkq.locks.request(`fakes ${process.pid}`, () => {}),
  'a periodic callback': ({ rtworkq }) =>
    new Promise<void>((resolve) => {
      const beat = rtworkq.addPeriodicCallback(() => {
        beat.remove();
        resolve();
      });
    }),
  shutdown: ({ rtworkq }) => rtworkq.shutdown({ timeout: PATIENCE }),
};

const uses = (isSupported: boolean): [name: string, start: Use][] => Object.entries({ ...TIMERS, ...(isSupported && WINDOWS) });

/** The names of the uses whose end came. */
async function come(use: Package, except: readonly string[]): Promise<string[]> {
  const names: string[] = [];
  for (const [name, start] of uses(use.rtworkq.isSupported())) {
    if (except.includes(name)) continue;
    let timer: NodeJS.Timeout | undefined;
    let turns = PATIENCE / 5;
    const late = new Promise<false>((resolve) => {
      // The loop must turn: after an uncaught exception, Node itself goes on with the setImmediate() that it finds, a fake.
      timer = hostSetInterval(() => turns-- === 0 && resolve(false), 5);
    });
    if (await Promise.race([start(use).then(() => true), late])) names.push(name);
    hostClearInterval(timer);
  }
  return names;
}

/** Loads the package under fakes, and uses it in all ways, except in some. */
export async function outcomesUnderFakes(fake: () => () => void, except: readonly string[] = []): Promise<Record<string, string[]>> {
  let reset = fake();
  try {
    const use = load();
    const during = await come(use, except);
    reset();
    const after = await come(use, except);
    reset = fake();
    return { during, after, again: await come(use, except) };
  } finally {
    reset();
  }
}

/** The names of all uses: what must come in each of the three. */
export const usesUnderFakes = (isSupported: boolean): string[] => uses(isSupported).map(([name]) => name);
