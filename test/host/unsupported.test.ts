// Without RTWorkQ everything can still be imported, and calls say why they cannot work.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import * as rtworkq from 'rtworkq';
import { setTimeout as callLater, clearTimeout } from 'rtworkq/timers';
import { root, runProgram } from '../support/host';

// Windows has RTWorkQ, so none of this applies there.
const describeElsewhere = process.platform === 'win32' ? describe.skip : describe;
const code = 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM';

describeElsewhere('off Windows', () => {
  test('the package has every export', () => {
    const declared = [...readFileSync(join(root, 'lib/index.ts'), 'utf8').matchAll(/export \{([^}]*)\}/g)].flatMap(([, names = '']) =>
      names
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== '' && !name.startsWith('type ')),
    );
    expect(declared.length).toBeGreaterThan(8);
    expect(Object.keys(rtworkq).sort()).toEqual(declared.sort());
  });

  test('isSupported() is false and supportStatus() says why', () => {
    expect(rtworkq.isSupported()).toBe(false);
    expect(rtworkq.supportStatus()).toEqual({
      supported: false,
      waits: false,
      code,
      reason: expect.stringContaining(`this is ${process.platform}`),
    });
  });

  test.each([
    ['startup', () => rtworkq.startup()],
    ['shutdown', () => rtworkq.shutdown()],
    ['scheduleWorkItem', () => rtworkq.scheduleWorkItem(1)],
    ['putWorkItem', () => rtworkq.putWorkItem()],
    ['putWorkItems', () => rtworkq.putWorkItems(1)],
    ['cancelWorkItem', () => rtworkq.cancelWorkItem(1n)],
    ['invokeCallback', () => rtworkq.invokeCallback()],
    ['putWaitingWorkItem', () => rtworkq.putWaitingWorkItem(4n)],
    ['addPeriodicCallback', () => rtworkq.addPeriodicCallback(() => {})],
    ['lockPlatform', () => rtworkq.lockPlatform()],
    ['listMmcssClasses', () => rtworkq.listMmcssClasses()],
    ['registerThreadWithMmcss', () => rtworkq.registerThreadWithMmcss('Audio')],
    ['registerTimersWithMmcss', () => rtworkq.registerTimersWithMmcss('Audio')],
    ['signals', () => rtworkq.signals(4n)],
    ['registerPlatformWithMmcss', () => rtworkq.registerPlatformWithMmcss('Audio')],
    ['periodicBeat', () => rtworkq.periodicBeat()],
    ['requestTimerResolution', () => rtworkq.requestTimerResolution(1)],
    ['setPowerThrottling', () => rtworkq.setPowerThrottling({})],
    ['WorkQueue.allocate', () => rtworkq.WorkQueue.allocate('standard')],
    ['WorkQueue.allocateSerial', () => rtworkq.WorkQueue.allocateSerial(rtworkq.WorkQueue.multithreaded)],
    ['WorkQueue.lockShared', () => rtworkq.WorkQueue.lockShared('Audio')],
    ['WorkQueue.lock', () => rtworkq.WorkQueue.lock(0x10000)],
    ['WorkQueue#put', () => rtworkq.WorkQueue.standard.put()],
    ['WorkQueue#setDeadline', () => rtworkq.WorkQueue.standard.setDeadline({ inMilliseconds: 1 })],
    ['WorkQueue#mmcss', () => rtworkq.WorkQueue.standard.mmcss()],
    ['WorkQueue#join', () => rtworkq.WorkQueue.standard.join(4n)],
    ['WorkQueue#join without a handle', () => rtworkq.WorkQueue.standard.join(undefined as unknown as bigint)],
    ['WaitableEvent.create', () => rtworkq.WaitableEvent.create()],
    ['WaitableEvent.open', () => rtworkq.WaitableEvent.open('name')],
    ['Semaphore.create', () => rtworkq.Semaphore.create()],
    ['WaitableTimer.create', () => rtworkq.WaitableTimer.create()],
    ['ProcessHandle.open', () => rtworkq.ProcessHandle.open(4)],
    ['platformEvents.on', () => rtworkq.platformEvents.on('shutdownStart', () => {})],
  ])('%s() throws, with a stack that starts at the caller', (_, call) => {
    let error: (Error & { code?: string }) | undefined;
    try {
      call();
    } catch (thrown) {
      error = thrown as Error;
    }
    expect(error).toMatchObject({ name: 'Error', code, message: expect.stringContaining('isSupported()') });
    expect(String(error?.stack).split('\n')[1]).toContain('unsupported.test');
  });

  test.each([
    ['waitFor', () => rtworkq.waitFor(4n)],
    ['waitForAny', () => rtworkq.waitForAny([4n])],
    ['waitForAll', () => rtworkq.waitForAll([4n])],
    ['waitForProcessExit', () => rtworkq.waitForProcessExit(4)],
    ['WorkQueue#registerWithMmcss', () => rtworkq.WorkQueue.standard.registerWithMmcss('Audio')],
  ])('%s() rejects', async (_, call) => {
    await expect(call()).rejects.toMatchObject({ name: 'Error', code });
  });

  test('the diagnostics include timers', async () => {
    const timeout = callLater(() => {}, 600_000);
    expect(rtworkq.pendingOperations()).toMatchObject([{ kind: 'setTimeout', ref: true }]);
    clearTimeout(timeout);
    expect(rtworkq.pendingOperations()).toEqual([]);
    using lateness = rtworkq.monitorLateness();
    lateness.enable();
    await new Promise<void>((resolve) => callLater(resolve, 1));
    // The monitor hears of it on the next tick.
    await new Promise(setImmediate);
    expect([lateness.firing.count, lateness.delivery.count]).toEqual([1, 1]);
  });

  test('an async_hooks hook can clear a timer just as it fires', async () => {
    const program = `
      const { clearTimeout, setTimeout } = require('rtworkq/timers');
      let [timer, latest] = [];
      require('node:async_hooks').createHook({
        init: (id, type) => { if (type === 'Timeout') latest = id; },
        before: (id) => { if (timer && id === latest) { clearTimeout(timer); timer = undefined; process._rawDebug('cleared'); } },
      }).enable();
      timer = setTimeout(() => process._rawDebug('called'), 5);`;
    const { code, stderr } = await runProgram(process.execPath, ['-e', program]);
    expect([code, stderr.trim()]).toEqual([0, 'cleared']);
  });

  test('an ES module can import the package', async () => {
    const program = "import { isSupported, WorkItem } from 'rtworkq'; console.log(isSupported(), typeof WorkItem);";
    const { stdout } = await runProgram(process.execPath, ['--input-type=module', '-e', program]);
    expect(stdout.trim()).toBe('false function');
  });

  test('the sub-paths for architectures give the same package', async () => {
    for (const arch of ['x64', 'arm64', 'ia32']) {
      const program = `console.log(require('rtworkq/win32-${arch}').isSupported === require('rtworkq').isSupported)`;
      const { stdout } = await runProgram(process.execPath, ['-e', program]);
      expect(stdout.trim()).toBe('true');
    }
  });
});
