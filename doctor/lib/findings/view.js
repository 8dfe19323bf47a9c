// The report in the form that the findings need.

const USED_SHARE = 0.3;

/** @param {import('./findings.js').Report} report */
export function viewOf({ machine, measurements, situations }) {
  const used = situations.find(({ load, resolution }) => load === 'idle' && resolution === 'default')?.used;
  /** A fact about the machine; undefined if unknown. */
  const fact = (name) => machine[name]?.value;
  const of = (contender, load, resolution) =>
    measurements.find((each) => each.contender === contender && each.load === load && each.resolution === resolution);
  /** The measurement of one kind of timer in one situation; undefined if it was not measured. */
  const cell = (contender, load = 'idle', resolution = 'default') => {
    const found = of(contender, load, resolution);
    return found?.lateness && found;
  };
  const system = fact('system');
  const wine = fact('rtworkq')?.wine;
  return {
    fact,
    cell,
    measurements,
    /** The share of processor time that was used while the doctor kept no processor busy. */
    used,
    /** Other programs used so much processor time that this alone explains late timers. */
    notIdle: used > USED_SHARE,
    unknown: Object.entries(machine).filter(([, each]) => each.unknown !== undefined),
    platform: system?.platform,
    wine,
    /** Real Windows: not Wine, and not another system. */
    windows: system?.platform === 'win32' && !wine,
    build: fact('windows')?.build,
    supported: fact('rtworkq')?.supported === true,
  };
}

/** The kinds of timers that come from rtworkq/timers. */
export const PRECISE = ['rtworkq/timers setTimeout', 'rtworkq/timers setInterval'];
