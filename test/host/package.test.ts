// The package as its users get it: packed, installed in an empty folder, used from JavaScript and TypeScript.

import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { root, runProgram, runScript } from '../support/host';

const program = (path: string): string => join(root, 'node_modules', path);
// TypeScript 7 is a native program, and there is none for 32-bit Windows.
const compiles = existsSync(program(`@typescript/typescript-${process.platform}-${process.arch}`));

let folder: string;
let tarball: string;
let files: string[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rtworkq-package-'));
  const packed = await runProgram('npm', ['pack', '--json', '--pack-destination', folder]);
  const listed = JSON.parse(packed.stdout);
  // npm 12 gives an object by package names, earlier ones an array.
  const [entry] = Object.values(listed) as [{ filename: string; files: { path: string }[] }];
  tarball = join(folder, entry.filename);
  files = entry.files.map(({ path }) => path);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'consumer', private: true }));
  const installed = await runProgram('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', tarball], folder);
  if (installed.code !== 0) throw new Error(installed.stderr);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the tarball', () => {
  test('holds what is needed, and no source tree', () => {
    const places = new Set(files.map((file) => (file.includes('/') ? file.split('/')[0] : file)));
    expect([...places].sort()).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'dist', 'include', 'package.json', 'prebuilds']);
    for (const file of files.filter((path) => path.startsWith('dist/'))) expect(file).toMatch(/\.(m?js|d\.m?ts)$/);
    for (const file of files.filter((path) => path.startsWith('prebuilds/')))
      expect(file).toMatch(/^prebuilds\/win32-\w+\/node\.napi(\.armv8)?\.node$/);
    expect(files.filter((file) => file.startsWith('prebuilds/')).length).toBeGreaterThan(0);
    expect(files.filter((file) => file.startsWith('include/'))).toEqual(['include/rtworkq_work.h']);
  });

  test('has no install script, and nothing that npm would take for one', () => {
    const manifest = JSON.parse(readFileSync(join(folder, 'node_modules/rtworkq/package.json'), 'utf8'));
    for (const script of ['preinstall', 'install', 'postinstall', 'prepare']) expect(manifest.scripts).not.toHaveProperty(script);
    expect(manifest.gypfile).toBe(false);
    expect(manifest).not.toHaveProperty('os');
    expect(manifest).not.toHaveProperty('cpu');
    expect(Object.keys(manifest.dependencies)).toEqual(['node-gyp-build']);
  });

  test('passes publint --strict', async () => {
    const { code, stdout } = await runProgram(process.execPath, [program('publint/src/cli.js'), tarball, '--strict']);
    expect(stdout).toContain('All good!');
    expect(code).toBe(0);
  });

  test('passes attw', async () => {
    // The profile leaves out Node 10, which knows no sub-path exports: the package needs Node 22.
    const args = [program('@arethetypeswrong/cli/dist/index.js'), tarball, '--profile', 'node16', '--format', 'json'];
    // A header of C, which nobody imports.
    const header = ['--exclude-entrypoints', './include/rtworkq_work.h'];
    const { code, stdout } = await runProgram(process.execPath, [...args, ...header]);
    const { analysis, problems } = JSON.parse(stdout);
    expect(Object.keys(analysis.entrypoints)).toEqual(['.', './win32-x64', './win32-arm64', './win32-ia32', './package.json']);
    const counted = Object.values<{ resolutionKind?: string }[]>(problems).flat();
    expect(counted.filter(({ resolutionKind }) => resolutionKind !== 'node10')).toEqual([]);
    expect(code).toBe(0);
  });
});

describe('installed', () => {
  const use = `
    const status = supportStatus();
    console.log(status.supported);
    if (status.supported) { scheduleWorkItem(1).then(({ status }) => console.log('fired', status)); }
    else { try { scheduleWorkItem(1); } catch (error) { console.log(error.code); } }`;
  const names = 'scheduleWorkItem, supportStatus';

  beforeAll(() => {
    writeFileSync(join(folder, 'use.cjs'), `const { ${names} } = require('rtworkq');${use}`);
    writeFileSync(join(folder, 'use.mjs'), `import { ${names} } from 'rtworkq';${use}`);
    for (const arch of ['x64', 'ia32', 'arm64']) {
      writeFileSync(join(folder, `${arch}.cjs`), `const { ${names} } = require('rtworkq/win32-${arch}');${use}`);
      writeFileSync(join(folder, `${arch}.mjs`), `import { ${names} } from 'rtworkq/win32-${arch}';${use}`);
    }
  });

  test.each(['use.cjs', 'use.mjs'])('works in the Windows Node: %s', async (file) => {
    const { code, stdout } = await runScript('win.mjs', join(folder, file));
    expect(stdout.trim().split(/\r?\n/)).toEqual(['true', 'fired 0']);
    expect(code).toBe(0);
  });

  // On Windows the addon is there for the Node that runs this, in Wine for x64 at least.
  const own = process.platform === 'win32' ? process.arch : 'x64';
  const other = own === 'arm64' ? 'x64' : 'arm64';

  test.each([`${own}.cjs`, `${own}.mjs`])('works by the literal require that bundlers follow: %s', async (file) => {
    const { stdout } = await runScript('win.mjs', '--arch', own, join(folder, file));
    expect(stdout.trim().split(/\r?\n/)).toEqual(['true', 'fired 0']);
  });

  test('says what is wrong when the literal require names the wrong architecture', async () => {
    const { stdout } = await runScript('win.mjs', '--arch', own, join(folder, `${other}.cjs`));
    expect(stdout.trim().split(/\r?\n/)).toEqual(['false', 'ERR_RTWORKQ_UNAVAILABLE']);
  });

  test('an addon finds the header for native work', async () => {
    const { code, stdout } = await runProgram(process.execPath, ['-p', "require.resolve('rtworkq/include/rtworkq_work.h')"], folder);
    expect(readFileSync(stdout.trim(), 'utf8')).toContain('rtworkq_create_work');
    expect(code).toBe(0);
  });

  // On Windows it does not refuse.
  (process.platform === 'win32' ? test.skip : test)('refuses politely elsewhere', async () => {
    // Modules are resolved from the script's own folder, so it has to be beside the installed package.
    copyFileSync(join(root, 'test/consumer/refuses.mjs'), join(folder, 'refuses.mjs'));
    const { code, stdout } = await runProgram(process.execPath, ['refuses.mjs'], folder);
    expect(stdout).toContain('refuses politely');
    expect(code).toBe(0);
  });
});

(compiles ? describe : describe.skip)('TypeScript', () => {
  const good = `
    import {
      addPeriodicCallback, cancelWorkItem, Event, invokeCallback, isSupported, joinMmcss, listMmcssClasses, lockPlatform, platformEvents,
      ProcessHandle, putWaitingWorkItem, putWorkItem, registerPlatformWithMmcss, RtwqError, scheduleWorkItem, Semaphore, shutdown, startup,
      supportStatus, unregisterPlatformFromMmcss, WaitableTimer, waitFor, waitForProcessExit, WaitHandle, WorkItem, WorkQueue,
    } from 'rtworkq';
    import type {
      CloseOptions, Deadline, DeadlineOptions, EventOptions, InvokeOptions, JoinedHandle, MmcssInfo, MmcssMembership, MmcssOptions,
      NativeWork, PeriodicCallback, PeriodicOptions, PeriodicTick, PlatformEventMap, PlatformLease, PriorityOptions, ProcessExitOptions,
      PutOptions, QueuedOptions, ScheduleOptions, SemaphoreOptions, SharedQueueOptions, SignalsOptions, StatusOptions, SupportStatus,
      TimerSetOptions, WaitableTimerOptions, WaitForOptions, WaitingOptions, WaitTarget, WorkItemOptions, WorkItemResult, WorkItemState,
      WorkQueueType,
    } from 'rtworkq';

    export async function use(signal: AbortSignal): Promise<number> {
      const status: SupportStatus = supportStatus();
      if (!status.supported) { const code: string = status.code; return code.length + status.reason.length; }
      const path: string = status.dll.path;
      const wine: string | undefined = status.wine;
      using lease: PlatformLease = startup();
      const options: ScheduleOptions & PutOptions & WorkItemOptions = { signal, ref: false, priority: 1 };
      const item: WorkItem = scheduleWorkItem(1.5, options).unref().ref();
      using other = putWorkItem({ priority: -1 });
      const key: bigint = item.key;
      const state: WorkItemState = item.state;
      cancelWorkItem(key);
      const cancelled: boolean = item.cancel();
      const result: WorkItemResult = await item;
      const same: Promise<WorkItemResult> = item.completed;
      const text: string = await item.then((value) => String(value.firedAt), (reason) => String(reason));
      const all: WorkItemResult[] = await Promise.all([item, other]);
      try { await shutdown(); } catch (error) { if (error instanceof RtwqError) return error.hresult + error.code.length + error.syscall.length; }
      void [path, wine, lease, state, cancelled, same, text, all, isSupported()];
      return result.status + result.firedAt;
    }

    export async function useQueues(work: NativeWork, handle: bigint): Promise<number> {
      const type: WorkQueueType = 'multithreaded';
      const target = WorkQueue.allocate(type);
      const shared: SharedQueueOptions = { basePriority: 1, taskId: 0 };
      await using queue: WorkQueue = WorkQueue.allocateSerial(target);
      const others: WorkQueue[] = [WorkQueue.standard, WorkQueue.multithreaded, WorkQueue.longFunction, queue.lock(), WorkQueue.lock(queue.id)];
      others.push(WorkQueue.lockShared('Pro Audio', shared), WorkQueue.lockShared(''));
      queue.setLongRunning(true);
      const items: WorkItem[] = [
        queue.put({ work, priority: 1 } satisfies QueuedOptions & PriorityOptions),
        queue.schedule(5, { ref: false }),
        queue.invoke({ status: 1 } satisfies QueuedOptions & StatusOptions),
        queue.wait(handle, { priority: -1 }),
        invokeCallback({ queue, status: 0 } satisfies InvokeOptions),
      ];
      const options: DeadlineOptions = { inMilliseconds: 10, preDeadline: 5 };
      using deadline: Deadline = queue.setDeadline(options);
      using joined: JoinedHandle = queue.join(handle);
      const mmcss: MmcssOptions = { taskId: queue.taskId, priority: 2 };
      const task: number = await queue.registerWithMmcss('Audio', mmcss);
      const info: MmcssInfo = queue.mmcss();
      await queue.unregisterFromMmcss();
      using membership: MmcssMembership = joinMmcss('Audio', { taskId: info.taskId });
      membership.leave();
      const platformTask: number = registerPlatformWithMmcss(listMmcssClasses()[0] ?? 'Audio', mmcss);
      unregisterPlatformFromMmcss();
      const closing: CloseOptions = { drain: true };
      await target.close(closing);
      void [deadline.cancel(), joined.unjoin(), queue.closed, info.usageClass, info.priority, membership.usageClass, others];
      return task + platformTask + membership.taskId + items.length;
    }

    export async function useHandles(signal: AbortSignal): Promise<'signaled' | 'timeout'> {
      using event = Event.create({ name: 'Local\\\\rtworkq', manualReset: false, signaled: true } satisfies EventOptions);
      using semaphore = Semaphore.create({ initial: 0, maximum: 2 } satisfies SemaphoreOptions);
      using timer = WaitableTimer.create({ manualReset: true } satisfies WaitableTimerOptions);
      using child = ProcessHandle.open(1);
      const handles: WaitHandle[] = [event, semaphore, timer, child, Event.open('a'), Semaphore.open('b'), WaitableTimer.open('c')];
      const target: WaitTarget = handles[0] ?? 1n;
      const waiting: WaitingOptions = { signal, priority: 0, queue: WorkQueue.multithreaded };
      const item: WorkItem = putWaitingWorkItem(target, waiting);
      event.set();
      event.reset();
      const before: number = semaphore.release(2);
      timer.set(2.5, { period: 10 } satisfies TimerSetOptions);
      timer.cancel();
      const exit: number | undefined = child.exitCode;
      const code: number = await waitForProcessExit(child.pid, { ref: false } satisfies ProcessExitOptions);
      const ends: SignalsOptions = { signal };
      for await (const { firedAt } of event.signals(ends)) void firedAt;
      for await (const { status } of event) void status;
      const high: boolean | undefined = timer.highResolution;
      using beat: PeriodicCallback = addPeriodicCallback(({ firedAt, missed }: PeriodicTick) => void [firedAt, missed], { ref: false } satisfies PeriodicOptions);
      const removed: boolean = beat.unref().ref().hasRef() && beat.remove();
      using lock: PlatformLease = lockPlatform();
      const name: keyof PlatformEventMap = 'shutdownStart';
      platformEvents.once(name, () => {});
      const handle: bigint = event.handle;
      void [item, before, exit, code, high, removed, lock, handle, event.closed, event.isNew, event.manualReset, semaphore.isNew, timer.isNew];
      return waitFor(target, { timeout: 5, signal } satisfies WaitForOptions);
    }`;
  const bad = [
    "import { scheduleWorkItem } from 'rtworkq'; scheduleWorkItem('5');",
    "import { scheduleWorkItem } from 'rtworkq'; scheduleWorkItem(5, { ref: 1 });",
    "import { cancelWorkItem } from 'rtworkq'; cancelWorkItem(5);",
    "import { WorkItem } from 'rtworkq'; new WorkItem();",
    "import { scheduleWorkItem } from 'rtworkq'; scheduleWorkItem(5).state = 'fired';",
    "import { Event } from 'rtworkq'; Event.create({ name: 5 });",
    "import { putWorkItem } from 'rtworkq'; putWorkItem({ work: {} });",
    "import { waitFor } from 'rtworkq'; waitFor(5);",
    "import { WorkQueue } from 'rtworkq'; WorkQueue.allocate('serial');",
    "import { notThere } from 'rtworkq'; notThere;",
  ];

  /** Type checks a project of one file, without skipLibCheck: the package's own declarations are checked too. */
  async function check(name: string, extension: string, text: string, compilerOptions: object): Promise<string> {
    const project = join(folder, name);
    mkdirSync(project, { recursive: true });
    writeFileSync(join(project, `use.${extension}`), text);
    const common = {
      noEmit: true,
      strict: true,
      target: 'es2022',
      lib: ['es2023', 'esnext.disposable'],
      types: ['node'],
      typeRoots: [program('@types')],
    };
    writeFileSync(
      join(project, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: { ...common, ...compilerOptions }, include: [`use.${extension}`] }),
    );
    const { stdout } = await runProgram(process.execPath, [program('typescript/bin/tsc'), '-p', project]);
    return stdout;
  }

  test.each([
    ['cts', 'nodenext', 'nodenext'],
    ['mts', 'nodenext', 'nodenext'],
    ['ts', 'esnext', 'bundler'],
  ])('.%s with module %s, resolution %s', async (extension, module, moduleResolution) => {
    expect(await check(`good-${extension}`, extension, good, { module, moduleResolution })).toBe('');
  });

  test.each(bad.map((text, index) => [index, text] as const))('refuses number %d: %s', async (index, text) => {
    const output = await check(`bad-${index}`, 'mts', text, { module: 'nodenext', moduleResolution: 'nodenext' });
    expect(output).toMatch(/use\.mts\(1,\d+\): error TS/);
  });
});

test('dist/ holds nothing that lib/ does not make', () => {
  const sources = readdirSync(join(root, 'lib'), { recursive: true })
    .map(String)
    .filter((file) => /\.m?ts$/.test(file));
  const built = readdirSync(join(root, 'dist'), { recursive: true })
    .map(String)
    .filter((file) => /(?<!\.d)\.(m?js)$/.test(file));
  expect(built.map((file) => file.replace(/js$/, 'ts')).sort()).toEqual(sources.sort());
});
