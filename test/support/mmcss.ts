// Whether this machine has MMCSS: its service may be stopped or disabled, and N editions and Windows Server may have no
// avrt.dll.

import { spawnSync } from 'node:child_process';
import { test } from '@jest/globals';
import { listMmcssClasses, RtwqError, registerThreadWithMmcss, WorkQueue } from 'rtworkq';
import { reportAnswer } from './answers';
import { testIf } from './implemented';

/** The classes in Microsoft's documentation that the tests use. */
const USED = ['Audio', 'Capture', 'Games', 'Playback', 'Pro Audio'];
const TASKS = 'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Multimedia\\SystemProfile\\Tasks';

/** The classes in the registry, as reg.exe lists them. */
export const registryClasses = (): string[] =>
  [...spawnSync('reg.exe', ['query', TASKS, '/reg:64'], { encoding: 'utf8' }).stdout.matchAll(/\\Tasks\\([^\r\n\\]+)/g)].map(
    ([, name = '']) => name.trimEnd(),
  );

/** Why MMCSS is not usable; undefined if a thread can join a class, or should be able to. */
function absence(): string | undefined {
  try {
    registerThreadWithMmcss('Audio').unregister();
    const classes = listMmcssClasses();
    const missing = classes.length > 0 ? USED.filter((name) => !classes.includes(name)) : [];
    return missing.length > 0 ? `no class ${missing.join()}` : undefined;
  } catch (error) {
    if (!(error instanceof RtwqError)) throw error;
    // Ask sc.exe, not our own code: 4 is SERVICE_RUNNING. If the service runs, the tests are not skipped and show what is wrong.
    const { stdout } = spawnSync('sc.exe', ['query', 'MMCSS'], { encoding: 'utf8' });
    if (error.code !== 'ERROR_MOD_NOT_FOUND' && /:\s*4\s/.test(stdout ?? '')) return undefined;
    return error.code;
  }
}

const absent = absence();
if (absent) reportAnswer('MMCSS is not usable, so its tests are skipped', absent);

export const hasMmcss = absent === undefined;

/** `test`, or `test.skip` if there is no MMCSS. */
export const mmcssTest = hasMmcss ? test : (test.skip as typeof test);

/** The same for queues and the platform, which also need the functions of RTWorkQ.dll; threads need only MMCSS. */
export const queueMmcssTest = (): typeof test => (hasMmcss ? testIf(() => WorkQueue.standard.mmcss()) : mmcssTest);

/** `test`, or `test.skip` if the registry has no classes: on a Windows without MMCSS, or in a Wine prefix that was given none. */
export const classesTest = (): typeof test => (listMmcssClasses().length > 0 ? test : (test.skip as typeof test));
