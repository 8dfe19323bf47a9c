// Objects of others, which grant some rights and deny the rest: each method works if its right is granted, and fails otherwise.

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { putWaitingWorkItem, Semaphore, WaitableEvent, WaitableTimer, waitFor, waitForAny } from 'rtworkq';
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

const KINDS = [
  { kind: 'event', type: WaitableEvent, modify: (object: WaitableEvent) => object.set(), syscall: 'SetEvent' },
  { kind: 'semaphore', type: Semaphore, modify: (object: Semaphore) => object.release(), syscall: 'ReleaseSemaphore' },
  { kind: 'timer', type: WaitableTimer, modify: (object: WaitableTimer) => object.set(0), syscall: 'SetWaitableTimer' },
] as const;

let name: string;
let owner: bigint;
beforeEach(() => {
  name = uniqueName();
});
afterEach(() => helper.closeHandle(owner));

describe.each(KINDS)('a $kind of others', ({ kind, type, modify, syscall }) => {
  describe.each(GRANTS)('that grants the right %s', (_, granted) => {
    const rights = granted | always;

    test.each(['open', 'create'] as const)('%s() opens it, and methods need only their own right', async (how) => {
      owner = helper.createSecured(kind, name, granting(granted));
      using object = how === 'open' ? type.open(name) : type.create({ name });
      if ('createdNew' in object && how === 'create') expect(object.createdNew).toBe(false);
      const denied = { name: 'RtwqError', code: 'E_ACCESSDENIED' };

      if (rights & MODIFY) modify(object as never);
      else expect(await failureOf(() => modify(object as never))).toMatchObject({ ...denied, syscall });

      for (const timeout of [0, 10_000]) {
        for (const wait of [() => waitFor(object, { timeout }), () => waitForAny([object], { timeout })]) {
          if (!(rights & SYNCHRONIZE)) {
            expect(await failureOf(wait)).toMatchObject({ ...denied, syscall: 'WaitForMultipleObjects' });
          } else if (rights & MODIFY) {
            // A wait lowers the semaphore's count. The event and the timer stay signaled.
            if (kind === 'semaphore') modify(object as never);
            await wait();
          } else if (timeout === 0) {
            expect(await wait()).toBe('timeout');
          }
        }
      }
      if (!(rights & SYNCHRONIZE)) {
        expect(await failureOf(() => putWaitingWorkItem(object))).toMatchObject({ ...denied, syscall: 'RtwqPutWaitingWorkItem' });
      }
      // The helper has made a manual-reset event.
      if (object instanceof WaitableEvent) expect(object.manualReset).toBe((rights & QUERY) !== 0);
    });
  });

  test.each([
    ['no right', 'D:(D;;GA;;;WD)'],
    ['only the right to read the descriptor', 'D:(A;;RC;;;WD)'],
  ])('that grants %s is not opened', async (_, descriptor) => {
    owner = helper.createSecured(kind, name, descriptor);
    if (always) {
      using object = type.open(name);
      expect(await failureOf(() => modify(object as never))).toMatchObject({ code: 'E_ACCESSDENIED', syscall });
      return;
    }
    expect(await failureOf(() => type.open(name))).toMatchObject({ name: 'RtwqError', code: 'E_ACCESSDENIED' });
    expect(await failureOf(() => type.create({ name }))).toMatchObject({ name: 'RtwqError', code: 'E_ACCESSDENIED' });
  });
});
