// Waits for the first of many handles, and for the next one, until one of them says stop. Any number of them, where
// Windows' own WaitForMultipleObjects takes 64, and no thread of Node's pool is taken.
//
//   node one-of-many.mjs [how many]

import { scheduleWorkItem, WaitableEvent, waitForAny } from 'rtworkq';

const [count = 100] = process.argv.slice(2).map(Number);

const stop = WaitableEvent.create();
const machines = Array.from({ length: count }, () => WaitableEvent.create());

// In a real program others set them: native code, a driver, another process that opens them by their names.
for (const [number, machine] of machines.entries()) scheduleWorkItem(number).then(() => machine.set());

let finished = 0;
for (;;) {
  // Only the signal of the one that is told is taken; those of the others stay for the next turn. A race of single waits
  // would swallow them. Where several are signaled, the first of the list comes first: so `stop` is in front.
  const result = await waitForAny([stop, ...machines], { timeout: 60_000 });
  if (result === 'timeout') throw new Error('nothing has happened for a minute');
  if (result.index === 0) break;
  console.log(`machine ${result.index} has finished`);
  if (++finished === count) stop.set();
}
console.log(`stopped after ${finished} of ${count}`);

for (const event of [stop, ...machines]) event.close();
