// The facts about the machine. Each is `{ value }`, or `{ unknown }` with the reason.

import os from 'node:os';
import { requireRtworkq, rtworkqVersion } from '../package.js';
import { BASIC, DEADLINES } from './exports.js';
import { virtualMachineOf } from './virtual-machines.js';
import * as windows from './windows.js';

const KERNEL = 'SYSTEM\\CurrentControlSet\\Control\\Session Manager\\kernel';
const CURRENT_VERSION = 'SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion';
const PROFILE = `${CURRENT_VERSION}\\Multimedia\\SystemProfile`;
const BIOS = 'HARDWARE\\DESCRIPTION\\System\\BIOS';

/** @template T @typedef {{ value: T } | { unknown: string }} Fact */

async function fact(ask) {
  try {
    return { value: await ask() };
  } catch (error) {
    return { unknown: error.message };
  }
}

/** An optional part of an answer: undefined instead of an error. */
function optional(ask) {
  try {
    return ask();
  } catch {
    return undefined;
  }
}

const onWindows =
  (ask) =>
  (...args) => {
    if (process.platform !== 'win32') throw new Error('only available on Windows');
    return ask(...args);
  };

const system = () => {
  const { platform, arch } = process;
  // On other systems os.version() is the kernel's build.
  return { platform, name: platform === 'win32' ? os.version() : os.type(), release: os.release(), arch };
};

const windowsBuild = onWindows(() => ({
  build: Number(os.release().split('.')[2]),
  revision: optional(() => windows.registryNumber(CURRENT_VERSION, 'UBR')),
  version: optional(() => windows.registryText(CURRENT_VERSION, 'DisplayVersion') ?? windows.registryText(CURRENT_VERSION, 'ReleaseId')),
}));

const runtime = () => ({
  node: process.versions.node,
  electron: process.versions.electron,
  napi: Number(process.versions.napi),
  arch: process.arch,
});

const processor = () => ({ model: os.cpus()[0]?.model.trim(), processors: os.cpus().length, available: os.availableParallelism() });

const virtualMachine = onWindows(() => {
  const manufacturer = windows.registryText(BIOS, 'SystemManufacturer');
  const product = windows.registryText(BIOS, 'SystemProductName');
  if (!manufacturer && !product) throw new Error("the registry does not name the machine's manufacturer");
  return { maker: manufacturer, product, name: virtualMachineOf(manufacturer, product) };
});

function library() {
  const status = requireRtworkq().supportStatus();
  const { supported } = status;
  const known = { version: rtworkqVersion(), supported };
  return supported ? { ...known, dll: status.dll, wine: status.wine } : { ...known, reason: status.reason };
}

const exported = onWindows(() => {
  const { supported, reason } = requireRtworkq().supportStatus();
  if (!supported) throw new Error(reason);
  const names = [...BASIC, ...DEADLINES];
  const missing = windows.missingExports(names);
  return { found: names.length - missing.length, missing };
});

const highResolutionTimers = onWindows(() => {
  const timer = requireRtworkq().WaitableTimer.create();
  try {
    return timer.highResolution === true;
  } finally {
    timer.close();
  }
});

/** Tries to register this thread, which has nothing else to do, with one class. */
function mmcssAnswer(usageClass) {
  try {
    requireRtworkq().registerThreadWithMmcss(usageClass).unregister();
    return { answers: true };
  } catch (error) {
    return { answers: false, reason: error.message };
  }
}

const mmcss = onWindows(() => {
  const classes = requireRtworkq().listMmcssClasses();
  const usageClass = classes.includes('Pro Audio') ? 'Pro Audio' : classes[0];
  return {
    classes,
    responsiveness: optional(() => windows.registryNumber(PROFILE, 'SystemResponsiveness')),
    ...(usageClass ? mmcssAnswer(usageClass) : { answers: false, reason: 'the registry lists no classes' }),
  };
});

const QUESTIONS = {
  system,
  windows: windowsBuild,
  runtime,
  processor,
  virtualMachine,
  remoteSession: onWindows(() => windows.isRemoteSession()),
  rtworkq: library,
  exports: exported,
  timerResolution: onWindows(() => {
    // A call from koffi directly into Wine's ntdll never returns. Wine's answer would always be the same anyway.
    if (requireRtworkq().supportStatus().wine) throw new Error('Wine has no timer tick');
    return windows.timerResolution();
  }),
  globalTimerRequests: onWindows(() => windows.registryNumber(KERNEL, 'GlobalTimerResolutionRequests') === 1),
  highResolutionTimers,
  powerPlan: onWindows(() => windows.powerPlan()),
  power: onWindows(() => windows.powerSource()),
  powerThrottling: onWindows(() => windows.powerThrottling()),
  priority: () => os.getPriority(),
  mmcss,
};

/** @returns {Promise<Record<keyof typeof QUESTIONS, Fact<any>>>} */
export async function askMachine() {
  const facts = {};
  for (const [name, ask] of Object.entries(QUESTIONS)) facts[name] = await fact(ask);
  return facts;
}

/** The facts if the probe failed. @param {string} reason */
export const allUnknown = (reason) => Object.fromEntries(Object.keys(QUESTIONS).map((name) => [name, { unknown: reason }]));
