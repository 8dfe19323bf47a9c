// Whatever a getter of the options does, nothing runs on a queue or waits for a handle that has gone meanwhile, and
// everything settles. In a process of its own, which a mistake would end.

import { beforeAll, expect, test } from '@jest/globals';
import { reportAnswer, underWine } from '../../support/answers';
import { CALLS } from '../../support/calls';
import { runFixture } from '../../support/child';

interface Row {
  call: string;
  place: string;
  deed: string;
  told: string;
}

const THROWN = 'Error: thrown on purpose';
const CODES = { queue: 'RTWQ_E_INVALID_WORKQUEUE', event: 'E_HANDLE', timer: 'E_HANDLE' } as const;
type Needed = keyof typeof CODES;

function closedBy(deed: string): readonly Needed[] {
  if (deed.startsWith('closes all')) return ['queue', 'event', 'timer'];
  if (deed.startsWith('closes the queue') || deed.startsWith('shuts down')) return ['queue'];
  return deed === 'closes the handles' ? ['event', 'timer'] : [];
}

/** What a call may come to, by what it needs. */
function expected({ call, place, deed }: Row, needs: readonly Needed[]): string[] {
  const closed = needs.find((needed) => closedBy(deed).includes(needed));
  // A RTWorkQ.dll that does not have the function says so where the call comes to it.
  const begun = ['begun', 'E_NOTIMPL'];
  // A tick after it has settled.
  if (place === 'signal.remove') return begun;
  // After it has begun: what is closed then takes it along.
  if (place === 'signal.add') return deed === 'throws' ? [THROWN] : [...begun, 'ABORT_ERR', CODES.queue, CODES.event];
  // Iterating ends with the event, whatever else there is.
  if (call === 'event.signals' && place === 'signal.reason') return ['ABORT_ERR', 'begun'];
  // What is removed already has no promise to reject.
  if (call === 'addPeriodicCallback' && place === 'signal.reason') return begun;
  // It is asked why after nothing more can be begun.
  if (place === 'signal.reason') return ['ABORT_ERR'];
  if (deed === 'throws') return [THROWN];
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

test.each(CALLS)('$name', ({ name, needs }) => {
  const own = rows.filter(({ call }) => call === name);
  expect(own.length).toBeGreaterThan(0);
  const others = own.filter((row) => !expected(row, needs).includes(row.told));
  // Where the call comes to Windows, that may refuse it: there may be no MMCSS, and no deadlines for private queues.
  const refusals = others.filter(({ told }) => REFUSABLE.test(name) && CODE.test(told) && !underWine);
  if (refusals.length > 0) reportAnswer(`what refuses ${name}`, [...new Set(refusals.map(({ told }) => told))]);
  expect(others.filter((row) => !refusals.includes(row))).toEqual([]);
});
