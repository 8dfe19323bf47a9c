// Made-up reports of rtworkq-doctor: typical Windows machines with realistic figures.

export type Fact = { value: unknown } | { unknown: string };

export interface Measurement {
  contender: string;
  load: 'idle' | 'busy';
  resolution: 'default' | 'raised';
  period: number;
  error?: string;
  ticks?: number;
  lateness?: { count: number; mean: number; p50: number; p90: number; p99: number; max: number };
  driftMsPerSecond?: number;
  cpuUsPerTick?: number;
  late?: number[];
  delay?: number[];
}

export interface Report {
  format: number;
  doctor: string;
  date: string;
  quick: boolean;
  machine: Record<string, Fact>;
  situations: { load: 'idle' | 'busy'; resolution: 'default' | 'raised'; used?: number }[];
  measurements: Measurement[];
}

const known = (values: Record<string, unknown>): Record<string, Fact> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]));

/** A Windows 11 desktop on mains power with nothing wrong. */
const WINDOWS_11 = {
  system: { platform: 'win32', name: 'Windows 11 Pro', release: '10.0.26100', arch: 'x64' },
  windows: { build: 26_100, revision: 4061, version: '24H2' },
  runtime: { node: '24.11.0', napi: 10, arch: 'x64' },
  processor: { model: 'AMD Ryzen 7', processors: 16, available: 16 },
  virtualMachine: { maker: 'ASUS', product: 'PRIME' },
  remoteSession: false,
  rtworkq: { version: '0.1.0', supported: true, dll: { path: 'C:\\Windows\\System32\\RTWorkQ.dll', version: '10.0.26100.1' } },
  exports: { found: 34, missing: [] },
  timerResolution: { coarsest: 15.625, finest: 0.5, current: 15.625 },
  globalTimerRequests: false,
  highResolutionTimers: true,
  powerPlan: { id: '381b4222-f694-41f0-9685-ff5bb260df2e', name: 'Balanced' },
  power: { source: 'mains', battery: false, saver: false },
  powerThrottling: { executionSpeed: 'system', timerResolution: 'system' },
  priority: 0,
  mmcss: { classes: ['Audio', 'Pro Audio'], responsiveness: 20, answers: true },
};

export const WINDOWS_10 = {
  ...WINDOWS_11,
  system: { platform: 'win32', name: 'Windows 10 Pro', release: '10.0.19045', arch: 'x64' },
  windows: { build: 19_045, revision: 5011, version: '22H2' },
};

export const WINE = {
  ...WINDOWS_10,
  rtworkq: { ...WINDOWS_11.rtworkq, wine: '10.0' },
};

export const LINUX = {
  system: { platform: 'linux', name: 'Linux', release: '6.1', arch: 'x64' },
  runtime: WINDOWS_11.runtime,
  rtworkq: { version: '0.1.0', supported: false, reason: 'RTWorkQ is part of Windows, and this is linux.' },
};

/** A kind of timer in one situation. One call was late by `p99`, all others by `p50`. */
export function measured(
  contender: string,
  p50: number,
  p99 = p50,
  more: Partial<Measurement> & { situation?: 'idle' | 'busy' | 'idle raised' | 'busy raised' } = {},
): Measurement {
  const { situation = 'idle', ...rest } = more;
  const late = [...new Array<number>(49).fill(p50), p99];
  return {
    contender,
    load: situation.startsWith('busy') ? 'busy' : 'idle',
    resolution: situation.endsWith('raised') ? 'raised' : 'default',
    period: 10,
    ticks: late.length,
    lateness: { count: late.length, mean: p50, p50, p90: p50, p99, max: p99 },
    driftMsPerSecond: 0,
    cpuUsPerTick: 40,
    late,
    delay: [],
    ...rest,
  };
}

/** As on Windows: tick-bound timers are 5.6 ms late, high-resolution timers about half a millisecond. */
export const TICK_BOUND: Measurement[] = [
  measured('setTimeout', 5.6, 6.1),
  measured('setInterval', 5.6, 6.1, { driftMsPerSecond: 360 }),
  measured('event loop', 5.6),
  measured('rtworkq/timers setTimeout', 0.4, 0.9),
  measured('rtworkq/timers setInterval', 0.4, 0.9),
  measured('WaitableTimer', 0.4, 0.8),
  measured('scheduleWorkItem', 8, 15),
  measured("RTWorkQ's beat", 5.6),
  measured('setTimeout', 0.6, 1.2, { situation: 'idle raised' }),
];

export function reportOf(
  machine: Record<string, unknown> = {},
  measurements: Measurement[] = TICK_BOUND,
  unknown: Record<string, Fact> = {},
): Report {
  return {
    format: 1,
    doctor: '0.1.0',
    date: '2026-01-01T12:00:00.000Z',
    quick: false,
    situations: [
      { load: 'idle', resolution: 'default', used: 0.05 },
      { load: 'idle', resolution: 'raised', used: 0.05 },
    ],
    machine: { ...known({ ...WINDOWS_11, ...machine }), ...unknown },
    measurements,
  };
}

/** On other systems only this is known. */
export const linuxReport = (): Report => ({ ...reportOf(), machine: known(LINUX), measurements: [measured('setTimeout', 0.2)] });
