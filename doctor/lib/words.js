// Names and figures for people to read.

/** Milliseconds with as many digits as matter. */
export function ms(value) {
  const size = Math.abs(value);
  // The limits are those after rounding: 9.999 becomes 10.0.
  const digits = size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2;
  const text = value.toFixed(digits);
  // No minus sign before zero.
  return `${Number(text) === 0 ? (0).toFixed(digits) : text} ms`;
}

/** Milliseconds without the unit, for tables. */
export const figure = (value) => (value === undefined ? '' : ms(value).slice(0, -3));

/** A situation's name. @param {import('./measure/plan.js').Situation} situation */
const situationName = ({ load, resolution }) =>
  `${load === 'busy' ? 'one processor busy' : 'idle'}, ${resolution === 'raised' ? '1 ms tick requested' : 'tick unchanged'}`;

/** A report's situations, in its order. @param {import('./findings/findings.js').Report} report */
export const situationsOf = ({ situations, measurements }) =>
  situations.map((situation) => {
    const used = situation.used === undefined ? '' : ` (${Math.round(situation.used * 100)} % of processor time used)`;
    const cells = measurements.filter(({ load, resolution }) => load === situation.load && resolution === situation.resolution);
    return { name: `${situationName(situation)}${used}`, cells };
  });

const yesOrNo = (value) => (value ? 'yes' : 'no');
// Node's numbers for Windows' priority classes.
const priorities = { 19: 'idle', 10: 'below normal', 0: 'normal', [-7]: 'above normal', [-14]: 'high', [-20]: 'real time' };
const throttled = { true: 'yes', false: 'never', system: 'up to Windows' };

function systemText({ name, release, arch }, windows, wine) {
  const version = windows?.version ? `, version ${windows.version}` : '';
  const revision = windows?.revision === undefined ? '' : `.${windows.revision}`;
  return `${name}${version} (${release}${revision}), ${arch}${wine ? `, under Wine ${wine}` : ''}`;
}

const runtimeText = ({ node, electron, napi, arch }) =>
  `${electron ? `Electron ${electron}, ` : ''}Node ${node}, Node-API ${napi}, ${arch}`;

function requestScope(build, global) {
  if (build === undefined) return '';
  if (build < 19_041) return "; any program's request applies to every process";
  if (global === true) return "; any program's request applies to every process (GlobalTimerResolutionRequests)";
  return '; a request applies only to the process that makes it';
}

function powerText({ source, battery, percent, saver }) {
  const left = battery && percent !== undefined ? `, battery at ${percent} %` : '';
  return `${source}${left}${saver ? ', battery saver on' : ''}`;
}

const mmcssText = ({ classes, responsiveness, answers, reason }) =>
  `${answers ? 'responds' : `does not respond: ${reason}`}; ${classes.join(', ') || 'no classes'}` +
  (responsiveness === undefined ? '' : `; SystemResponsiveness ${responsiveness} %`);

/** Each fact about a machine: its label, and its value as text. */
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
    'Windows tick',
    ({ coarsest, finest, current }, of) =>
      `now ${ms(current)}, from ${ms(finest)} to ${ms(coarsest)}${requestScope(of('windows')?.build, of('globalTimerRequests'))}`,
  ],
  highResolutionTimers: ['High-resolution timers', yesOrNo],
  powerPlan: ['Power plan', ({ id, name }) => name ?? id],
  power: ['Power', powerText],
  powerThrottling: [
    'Power throttling',
    ({ executionSpeed, timerResolution }) =>
      `slowed down: ${throttled[executionSpeed]}; tick requests ignored: ${throttled[timerResolution]}`,
  ],
  priority: ['Priority', (value) => priorities[value] ?? String(value)],
  mmcss: ['MMCSS', mmcssText],
};

// Facts that are shown as part of other lines.
const OTHER_LABELS = { windows: 'Windows version', globalTimerRequests: 'GlobalTimerResolutionRequests' };

/** A fact's label. */
export const labelOf = (name) => LINES[name]?.[0] ?? OTHER_LABELS[name] ?? name;

/**
 * The facts about the machine, each as a label and a text.
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
      return [label, value === undefined ? `unknown: ${unknown}` : say(value, of)];
    });
}
