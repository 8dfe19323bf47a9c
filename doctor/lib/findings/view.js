// The report as the findings ask for it.

const USED_SHARE = 0.3;

/** @param {import('./findings.js').Report} report */
export function viewOf({ machine, measurements, situations }) {
  const used = situations.find(({ load, resolution }) => load === 'idle' && resolution === 'default')?.used;
  /** What is known of the machine; undefined where that is nothing. */
  const fact = (name) => machine[name]?.value;
  const of = (contender, load, resolution) =>
    measurements.find((each) => each.contender === contender && each.load === load && each.resolution === resolution);
  /** A kind of timer in one situation; undefined where it was not measured. */
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
    /** Which share of the processors was used while the doctor kept none busy. */
    used,
    /** Others used so much of it that what is late is late for that reason. */
    notIdle: used > USED_SHARE,
    unknown: Object.entries(machine).filter(([, each]) => each.unknown !== undefined),
    platform: system?.platform,
    wine,
    /** Windows itself: not Wine, and not another system. */
    windows: system?.platform === 'win32' && !wine,
    build: fact('windows')?.build,
    supported: fact('rtworkq')?.supported === true,
  };
}

/** Which kinds of timers are rtworkq/timers. */
export const PRECISE = ['rtworkq/timers setTimeout', 'rtworkq/timers setInterval'];
