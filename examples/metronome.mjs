// A steady beat. Each beat's deadline is counted from the start, not from the previous beat, so error does not accumulate.
// Runs on every system; on Windows it is accurate to fractions of a millisecond.
//
//   node metronome.mjs [beats per minute] [number of beats]

import { setInterval } from 'rtworkq/timers/promises';

const [perMinute = 120, count = 8] = process.argv.slice(2).map(Number);

let beats = 0;
// With 'skip', beats missed while the program was busy are counted in `missed` and not repeated.
for await (const { dueAt, firedAt, missed } of setInterval(60_000 / perMinute, undefined, { details: true, missed: 'skip' })) {
  beats += 1 + missed;
  console.log(`beat ${beats}: ${(firedAt - dueAt).toFixed(3)} ms late, ${missed} missed`);
  if (beats >= count) break; // ends the interval
}
