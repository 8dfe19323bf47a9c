// Names of kernel objects, up to and beyond what Windows accepts.

import { constants } from 'node:buffer';
import { expect, test } from '@jest/globals';
import { Semaphore, WaitableEvent, WaitableTimer } from 'rtworkq';
import { failureOf } from '../../support/errors';

const kinds = [WaitableEvent, Semaphore, WaitableTimer].map((kind) => [kind.name, kind] as const);

test.each(kinds)('%s accepts a name of 260 characters', (_, kind) => {
  const name = `Local\\${process.pid}-`.padEnd(260, 'n');
  using made = kind.create({ name });
  using opened = kind.open(name);
  expect([made.closed, opened.closed]).toEqual([false, false]);
});

test.each(kinds)('%s says what is wrong with a name that has a backslash', async (_, kind) => {
  for (const name of ['Company\\Program', 'Local\\Company\\Program', 'Global\\a\\b']) {
    for (const call of [() => kind.create({ name }), () => kind.open(name)]) {
      const error = await failureOf(call);
      expect(error).toMatchObject({ name: 'RtwqError', code: 'ERROR_PATH_NOT_FOUND' });
      expect(error.message).toContain('After Local\\ or Global\\, a name cannot have a backslash.');
    }
  }
});

test.each(kinds)('%s throws for names longer than 260 characters and names with NUL', async (_, kind) => {
  for (const name of ['n'.repeat(261), 'n'.repeat(constants.MAX_STRING_LENGTH), 'a\0b', '\0']) {
    for (const call of [() => kind.create({ name }), () => kind.open(name)]) {
      const error = await failureOf(call);
      expect(error).toMatchObject({ name: 'TypeError', code: 'ERR_INVALID_ARG_VALUE' });
      expect(error.message.length).toBeLessThan(300);
    }
  }
});
