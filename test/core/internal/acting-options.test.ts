// Options whose getters do something: nothing runs on a queue or waits for a handle that they have closed, and everything
// settles. In a separate process, because a bug would crash it.

import { beforeAll, expect, test } from '@jest/globals';
import { reportAnswer, underWine } from '../../support/answers';
import { CALLS } from '../../support/calls';
import { runFixture } from '../../support/child';

interface Row {
  call: string;
  place: string;
  action: string;
  outcome: string;
}

const THROWN = 'Error: thrown on purpose';
const CODES = { queue: 'RTWQ_E_INVALID_WORKQUEUE', event: 'E_HANDLE', timer: 'E_HANDLE', mutex: 'E_HANDLE' } as const;
type Needed = keyof typeof CODES;

function closedBy(action: string): readonly Needed[] {
  if (action.startsWith('closes all')) return ['queue', 'event', 'timer', 'mutex'];
  if (action.startsWith('closes the queue') || action.startsWith('shuts down')) return ['queue'];
  return action === 'closes the handles' ? ['event', 'timer', 'mutex'] : [];
}

/** The outcomes that a call may have, given what it needs. */
function expected({ call, place, action }: Row, needs: readonly Needed[]): string[] {
  const closed = needs.find((needed) => closedBy(action).includes(needed));
  // An RTWorkQ.dll without the function fails when the call reaches it.
  const begun = ['begun', 'E_NOTIMPL'];
  // removeEventListener() is called a tick after the call has settled.
  if (place === 'signal.remove') return begun;
  // addEventListener() is called after the operation has begun: closing what it needs ends it.
  if (place === 'signal.add') return action === 'throws' ? [THROWN] : [...begun, 'ABORT_ERR', CODES.queue, CODES.event];
  // Closing the event ends the iteration in any case.
  if (call === 'event.signals' && place === 'signal.reason') return ['ABORT_ERR', 'begun'];
  // A callback that has been removed has no promise to reject.
  if (call === 'addPeriodicCallback' && place === 'signal.reason') return begun;
  // The reason is read when the operation can no longer begin.
  if (place === 'signal.reason') return ['ABORT_ERR'];
  if (action === 'throws') return [THROWN];
  return closed ? [CODES[closed]] : begun;
}

const REFUSABLE = /Mmcss|lockShared|setDeadline|setPowerThrottling/;
const CODE = /^(E|RTWQ_E|ERROR|HRESULT)_\w+$/;

let rows: Row[] = [];

beforeAll(async () => {
  const ended = await runFixture('acting-options');
  expect(ended).toMatchObject({ code: 0, signal: null, stderr: '' });
  rows = JSON.parse(ended.last);
});

test.each(CALLS)('$name survives option getters that close handles or queues, shut down or throw', ({ name, needs }) => {
  const own = rows.filter(({ call }) => call === name);
  expect(own.length).toBeGreaterThan(0);
  const others = own.filter((row) => !expected(row, needs).includes(row.outcome));
  // Windows may reject a call that reaches it: there may be no MMCSS, and no deadlines for private queues.
  const refusals = others.filter(({ outcome }) => REFUSABLE.test(name) && CODE.test(outcome) && !underWine);
  if (refusals.length > 0) reportAnswer(`errors of ${name}`, [...new Set(refusals.map(({ outcome }) => outcome))]);
  expect(others.filter((row) => !refusals.includes(row))).toEqual([]);
});
