// Names and figures as people read them.

/** Milliseconds with what of them matters. */
export function ms(value) {
  const size = Math.abs(value);
  // By what they are rounded to: 9.999 is 10.0.
  const digits = size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2;
  const text = value.toFixed(digits);
  // No minus before a zero.
  return `${Number(text) === 0 ? (0).toFixed(digits) : text} ms`;
}

/** The same without the unit, for tables. */
export const figure = (value) => (value === undefined ? '' : ms(value).slice(0, -3));

/** What a situation is called. @param {import('./measure/plan.js').Situation} situation */
const situationName = ({ load, resolution }) =>
  `${load === 'busy' ? 'one processor busy' : 'idle'}, ${resolution === 'raised' ? 'tick of 1 ms asked for' : 'tick as it is'}`;

/** The situations of a report, in its order. @param {import('./findings/findings.js').Report} report */
export const situationsOf = ({ situations, measurements }) =>
  situations.map((situation) => {
    const used = situation.used === undefined ? '' : ` (${Math.round(situation.used * 100)} % of the processors were used)`;
    const cells = measurements.filter(({ load, resolution }) => load === situation.load && resolution === situation.resolution);
    return { name: `${situationName(situation)}${used}`, cells };
  });

const yesOrNo = (value) => (value ? 'yes' : 'no');
// Node's numbers for the priority classes of Windows.
const priorities = { 19: 'idle', 10: 'below normal', 0: 'normal', [-7]: 'above normal', [-14]: 'high', [-20]: 'real time' };
const throttled = { true: 'yes', false: 'never', system: 'left to Windows' };

function systemText({ name, release, arch }, windows, wine) {
  const version = windows?.version ? `, version ${windows.version}` : '';
  const revision = windows?.revision === undefined ? '' : `.${windows.revision}`;
  return `${name}${version} (${release}${revision}), ${arch}${wine ? `; played by Wine ${wine}` : ''}`;
}

const runtimeText = ({ node, electron, napi, arch }) =>
  `${electron ? `Electron ${electron}, ` : ''}Node ${node}, Node-API ${napi}, ${arch}`;

function whoTicks(build, global) {
  if (build === undefined) return '';
  if (build < 19_041) return '; a request of any program counts for all';
  if (global === true) return '; a request of any program counts for all (GlobalTimerResolutionRequests)';
  return '; a request counts for the process that makes it';
}

function powerText({ source, battery, percent, saver }) {
  const left = battery && percent !== undefined ? `, battery at ${percent} %` : '';
  return `${source}${left}${saver ? ', battery saver on' : ''}`;
}

const mmcssText = ({ classes, responsiveness, answers, reason }) =>
  `${answers ? 'answers' : `does not answer: ${reason}`}; ${classes.join(', ') || 'no class'}` +
  (responsiveness === undefined ? '' : `; SystemResponsiveness ${responsiveness} %`);

/** Each fact of a machine by its label, and how it is said. */
const LINES = {
  system: ['System', (value, of) => systemText(value, of('windows'), of('rtworkq')?.wine)],
  runtime: ['Runs in', runtimeText],
  rtworkq: ['rtworkq', ({ version, supported, reason }) => `${version}, ${supported ? 'works' : reason}`],
  exports: [
    'RTWorkQ.dll',
    ({ found, missing }, of) => {
      const { path, version } = of('rtworkq')?.dll ?? {};
      return `${path ?? ''} ${version ?? ''}; ${found} of ${found + missing.length} functions`.trim();
    },
  ],
  processor: ['Processors', ({ model, available }) => `${available}: ${model ?? 'unknown'}`],
  virtualMachine: ['Virtual machine', ({ name, maker, product }) => (name ? name : `no: ${[maker, product].filter(Boolean).join(' ')}`)],
  remoteSession: ['Remote session', yesOrNo],
  timerResolution: [
    'Tick of Windows',
    ({ coarsest, finest, current }, of) =>
      `now ${ms(current)}, from ${ms(finest)} to ${ms(coarsest)}${whoTicks(of('windows')?.build, of('globalTimerRequests'))}`,
  ],
  highResolutionTimers: ['High-resolution timers', yesOrNo],
  powerPlan: ['Power plan', ({ id, name }) => name ?? id],
  power: ['Power', powerText],
  powerThrottling: [
    'Power throttling',
    ({ executionSpeed, timerResolution }) => `slowed down: ${throttled[executionSpeed]}; tick passed over: ${throttled[timerResolution]}`,
  ],
  priority: ['Priority', (value) => priorities[value] ?? String(value)],
  mmcss: ['MMCSS', mmcssText],
};

// Facts that stand in the lines of others.
const OTHER_LABELS = { windows: 'Version of Windows', globalTimerRequests: 'GlobalTimerResolutionRequests' };

/** What a fact is called. */
export const labelOf = (name) => LINES[name]?.[0] ?? OTHER_LABELS[name] ?? name;

/**
 * The machine, a label and a text each.
 * @param {import('./findings/findings.js').Report} report
 * @returns {[string, string][]}
 */
export function machineLines({ machine }) {
  const of = (name) => machine[name]?.value;
  const onWindows = of('system')?.platform === 'win32' || of('system') === undefined;
  return Object.entries(LINES)
    .filter(([name]) => onWindows || machine[name]?.value !== undefined)
    .map(([name, [label, say]]) => {
      const { value, unknown } = machine[name] ?? { unknown: 'not in the report' };
      return [label, value === undefined ? `not known: ${unknown}` : say(value, of)];
    });
}
