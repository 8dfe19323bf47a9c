// <how>: a process that ends while everything is pending.

import * as rtworkq from 'rtworkq';
import { setTimeout } from 'rtworkq/timers';

const [how] = process.argv.slice(2);
const ref = how !== 'by itself';
const event = rtworkq.WaitableEvent.create();
const ignore = (promise) => promise.catch(() => {});
ignore(rtworkq.waitFor(event, { ref }));
ignore(rtworkq.scheduleWorkItem(1e6, { ref }));
ignore(rtworkq.locks.request(`rtworkq-${process.pid}`, { ref }, () => (ref ? new Promise(() => {}) : undefined)));
const timeout = setTimeout(() => {}, 1e6);
if (!ref) timeout.unref();
await rtworkq.putWorkItem();
if (rtworkq.pendingOperations().length >= 3) console.log('pending');
if (how === 'process.exit') process.exit(3);
if (how === 'an exception') {
  setTimeout(() => {
    throw new Error('on purpose');
  }, 1);
}
