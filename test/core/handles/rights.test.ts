// Objects of others, which grant some rights and deny the rest: each method works if its right is granted, and fails otherwise. The
// package creates them, because the creator of an object has all rights.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  Mutex,
  type ObjectOptions,
  ProcessHandle,
  putWaitingWorkItem,
  Semaphore,
  WaitableEvent,
  WaitableTimer,
  type WaitHandle,
  waitFor,
  waitForAny,
  waitForProcessExit,
} from 'rtworkq';
import { underWine } from '../../support/answers';
import { failureOf } from '../../support/errors';
import { loadHelper } from '../../support/helper';
import { uniqueName } from '../../support/name';

const helper = loadHelper();

// Rights in Windows' words.
const SYNCHRONIZE = 0x100000;
const QUERY = 0x1;
const MODIFY = 0x2;

const GRANTS: [string, number][] = [
  ['everything', SYNCHRONIZE | MODIFY | QUERY],
  ['to wait and to query', SYNCHRONIZE | QUERY],
  ['to wait and to modify', SYNCHRONIZE | MODIFY],
  ['to wait', SYNCHRONIZE],
  ['to modify', MODIFY],
  ['to modify and to query', MODIFY | QUERY],
];

// Wine does not enforce the right to wait.
const always = underWine ? SYNCHRONIZE : 0;

/** Grants everyone the rights. */
const granting = (rights: number): string => `D:(A;;0x${rights.toString(16)};;;WD)`;

const denied = { name: 'RtwqError', code: 'E_ACCESSDENIED' };

const KINDS = [
  {
    kind: 'event',
    type: WaitableEvent,
    make: (options: ObjectOptions) => WaitableEvent.create({ ...options, manualReset: true }),
    modify: (object: WaitHandle) => (object as WaitableEvent).set(),
    syscall: 'SetEvent',
  },
  {
    kind: 'semaphore',
    type: Semaphore,
    make: (options: ObjectOptions) => Semaphore.create(options),
    modify: (object: WaitHandle) => (object as Semaphore).release(),
    syscall: 'ReleaseSemaphore',
  },
  {
    kind: 'timer',
    type: WaitableTimer,
    make: (options: ObjectOptions) => WaitableTimer.create({ ...options, manualReset: true }),
    modify: (object: WaitHandle) => (object as WaitableTimer).set(0),
    syscall: 'SetWaitableTimer',
  },
] as const;

let name: string;
let owner: Disposable | undefined;
beforeEach(() => {
  name = uniqueName();
});
afterEach(() => {
  owner?.[Symbol.dispose]();
  owner = undefined;
});

describe.each(KINDS)('a $kind of others', ({ kind, type, make, modify, syscall }) => {
  describe.each(GRANTS)('that grants the right %s', (_, granted) => {
    const rights = granted | always;

    test.each(['open', 'create'] as const)('%s() opens it, and methods need only their own right', async (how) => {
      owner = make({ name, security: granting(granted) });
      using object = how === 'open' ? type.open(name) : type.create({ name, security: 'user' });
      if (how === 'create') expect(object.createdNew).toBe(false);

      if (rights & MODIFY) modify(object);
      else expect(await failureOf(() => modify(object))).toMatchObject({ ...denied, syscall });

      for (const timeout of [0, 10_000]) {
        for (const wait of [() => waitFor(object, { timeout }), () => waitForAny([object], { timeout })]) {
          if (!(rights & SYNCHRONIZE)) {
            expect(await failureOf(wait)).toMatchObject({ ...denied, syscall: 'WaitForMultipleObjects' });
          } else if (rights & MODIFY) {
            // A wait lowers the semaphore's count. The event and the timer stay signaled.
            if (kind === 'semaphore') modify(object);
            await wait();
          } else if (timeout === 0) {
            expect(await wait()).toBe('timeout');
          }
        }
      }
      if (!(rights & SYNCHRONIZE)) {
        expect(await failureOf(() => putWaitingWorkItem(object))).toMatchObject({ ...denied, syscall: 'RtwqPutWaitingWorkItem' });
      }
      if (object instanceof WaitableEvent) expect(object.manualReset).toBe((rights & QUERY) !== 0);
    });
  });

  test.each([
    ['no right', 'D:(D;;GA;;;WD)'],
    ['only the right to read the descriptor', 'D:(A;;RC;;;WD)'],
  ])('that grants %s is not opened', async (_, security) => {
    owner = make({ name, security });
    if (always) {
      using object = type.open(name);
      expect(await failureOf(() => modify(object))).toMatchObject({ code: 'E_ACCESSDENIED', syscall });
      return;
    }
    expect(await failureOf(() => type.open(name))).toMatchObject(denied);
    expect(await failureOf(() => type.create({ name }))).toMatchObject(denied);
  });
});

describe('a mutex of others', () => {
  test('can be acquired and released with the right to wait alone', async () => {
    owner = Mutex.create({ name, security: granting(SYNCHRONIZE) });
    for (const open of [() => Mutex.open(name), () => Mutex.create({ name })]) {
      using mutex = open();
      using lock = await mutex.acquire();
      expect(lock.abandoned).toBe(false);
    }
  });

  test('that denies it is not opened, and exists', async () => {
    owner = Mutex.create({ name, security: granting(MODIFY | QUERY) });
    expect(Mutex.exists(name)).toBe(true);
    if (always) return;
    expect(await failureOf(() => Mutex.open(name))).toMatchObject(denied);
    expect(await failureOf(() => Mutex.create({ name }))).toMatchObject(denied);
  });
});

describe('a process of others', () => {
  const QUERY_LIMITED = 0x1000;
  const TERMINATE = 0x1;

  test.each([
    ['to wait and to query', SYNCHRONIZE | QUERY_LIMITED],
    ['to wait', SYNCHRONIZE],
    ['to query', QUERY_LIMITED],
    ['to wait, to query and to terminate', SYNCHRONIZE | QUERY_LIMITED | TERMINATE],
  ])('that grants the right %s is opened, and methods need only their own right', async (_, granted) => {
    const rights = granted | always;
    const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] });
    const exit = once(child, 'exit');
    const pid = child.pid as number;
    helper.secureProcess(pid, granting(granted));
    using opened = ProcessHandle.open(pid);
    const attempts: [right: number, syscall: string, attempt: () => unknown][] = [
      [QUERY_LIMITED, 'GetExitCodeProcess', () => opened.exitCode],
      [QUERY_LIMITED, 'GetProcessTimes', () => opened.createdAt],
      [QUERY_LIMITED, 'GetExitCodeProcess', () => waitForProcessExit(pid, { timeout: 1 })],
      [SYNCHRONIZE, 'WaitForMultipleObjects', () => opened.wait({ timeout: 1 })],
      [SYNCHRONIZE, 'WaitForMultipleObjects', () => opened.wait({ timeout: 0 })],
    ];
    for (const [right, syscall, attempt] of attempts) {
      if (rights & right) await attempt();
      else expect(await failureOf(attempt)).toMatchObject({ ...denied, syscall });
    }
    if (rights & TERMINATE) expect(opened.terminate(7)).toBe(true);
    else expect(await failureOf(() => opened.terminate())).toMatchObject({ ...denied, syscall: 'OpenProcess' });
    child.stdin.destroy();
    await exit;
    if (rights & QUERY_LIMITED) expect(opened.exitCode).toBe(rights & TERMINATE ? 7 : 0);
  });
});

describe('the security of a new object', () => {
  const DACL = {
    user: /^D:P(\(A;;[^;]+;;;[^;]+\)){3}$/,
    session: /^D:P(\(A;;[^;]+;;;[^;]+\)){3,4}$/,
    interactive: /^D:P(\(A;;[^;]+;;;[^;]+\)){3}\(A;;[^;]+;;;IU\)$/,
    'everyone-may-wait': /^D:P(\(A;;[^;]+;;;[^;]+\)){3}\(A;;(0x100000|.*);;;WD\)\(A;;(0x100000|.*);;;(AC|S-1-15-2-1)\)$/,
    'D:(A;;GA;;;WD)(A;;0x100000;;;AU)': /^D:\(A;;[^;]+;;;WD\)\(A;;[^;]+;;;AU\)$/,
  };
  const ALL = [...KINDS, { kind: 'mutex', make: (options: ObjectOptions) => Mutex.create(options) }] as const;

  describe.each(Object.entries(DACL))('%s', (security, expected) => {
    test.each(ALL)('is that of the $kind, which its creator can use', async ({ kind, make }) => {
      owner = make({ name, security });
      const descriptor = helper.securityOf(kind, name);
      expect(descriptor).toMatch(expected);
      // Administrators and the system always may.
      if (!security.startsWith('D:')) expect(descriptor).toMatch(/;SY\).*;BA\)|;BA\).*;SY\)/);
      const same = make({ name });
      expect(same.createdNew).toBe(false);
      same.close();
    });
  });

  test.each(['', 'x', 'D:(A;;GA', 'users', 'D:(A;;GA;;;WD)\0'])('%j throws', (security) => {
    const error = expect.objectContaining({ code: 'ERR_INVALID_ARG_VALUE', message: expect.stringContaining("'everyone-may-wait', or") });
    for (const { make } of ALL) expect(() => make({ name, security })).toThrow(error as never);
    expect(Mutex.exists(name)).toBe(false);
  });

  test.each([5, null, {}, ['user']])('%j throws', (security) => {
    for (const { make } of ALL) {
      expect(() => make({ name, security: security as never })).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }));
    }
  });

  test('is ignored for an object that exists', () => {
    owner = Mutex.create({ name, security: granting(SYNCHRONIZE | 0x20000) });
    const before = helper.securityOf('mutex', name);
    using _same = Mutex.create({ name, security: 'user' });
    expect(helper.securityOf('mutex', name)).toBe(before);
  });
});
