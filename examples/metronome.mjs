// A steady beat. Each is due so many milliseconds after the start, not after the one before, so that nothing adds up.
// It runs on every system; on Windows it is on time to fractions of a millisecond.
//
//   node metronome.mjs [beats a minute] [how many beats]

import { setInterval } from 'rtworkq/timers/promises';

const [perMinute = 120, count = 8] = process.argv.slice(2).map(Number);

let beats = 0;
// With 'skip', beats that went by while the program was busy are told in `missed`, and not made up for.
for await (const { dueAt, firedAt, missed } of setInterval(60_000 / perMinute, undefined, { details: true, missed: 'skip' })) {
  beats += 1 + missed;
  console.log(`beat ${beats}: ${(firedAt - dueAt).toFixed(3)} ms late, ${missed} missed`);
  if (beats >= count) break; // ends the interval
}
