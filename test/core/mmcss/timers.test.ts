// registerTimersWithMmcss(). A program in a child process records which thread makes which call.

import { beforeAll, describe, expect } from '@jest/globals';
import { runFixture } from '../../support/child';
import { mmcssTest } from '../../support/mmcss';

describe('registerTimersWithMmcss()', () => {
  let seen: Record<string, unknown>;

  beforeAll(async () => {
    const { code, last, stderr } = await runFixture('timers-mmcss');
    if (code !== 0 || stderr !== '') throw new Error(`${code} ${last} ${stderr}`);
    seen = JSON.parse(last);
  });

  mmcssTest('registers the thread behind the timers, before there is any timer, and not the JavaScript thread', () => {
    expect(seen['before any timer']).toEqual(['set']);
    expect(seen['the lease']).toEqual(['Pro Audio', 1, expect.any(Boolean)]);
  });

  mmcssTest('throws for an unknown class, and leaves nothing', () => {
    expect([seen['an unknown class'], seen['calls for an unknown class']]).toEqual(['ERROR_INVALID_TASK_NAME', []]);
  });

  mmcssTest('shares a registration, also between Workers', () => {
    expect([seen['a second lease'], seen['in a Worker']]).toEqual([[true], ['ERROR_BUSY']]);
  });

  mmcssTest('throws ERROR_BUSY for another class, priority or task group', () => {
    expect(seen['others']).toEqual(['ERROR_BUSY', 'ERROR_BUSY', 'ERROR_BUSY']);
  });

  mmcssTest('registers threads that start later', () => {
    expect(seen['a second thread']).toEqual(['set']);
    expect(seen['a thread that replaces an ended one']).toBe('AvSetMmThreadCharacteristicsW');
  });

  mmcssTest('lasts until the last lease ends, and each thread reverts its own registration', () => {
    // The last one ends with its Worker.
    expect([seen['after both leases'], seen['after the Worker']]).toEqual([[], ['reverted', 'reverted']]);
    expect(seen['left']).toBe('registered');
  });
});
