// Runs one kind of timer in its own process, so that no other timer wakes its event loop. `contender.js <name>` reports
// that it is ready, then answers each request until its input ends.

import { createInterface } from 'node:readline';
import { contenders } from '../measure/contenders.js';
import { measureSlice } from '../measure/slice.js';

const send = (answer) => process.stdout.write(`${JSON.stringify(answer)}\n`);
// Rounded to microseconds, to keep the report short.
const short = (values) => values.map((value) => Math.round(value * 1_000) / 1_000);

async function answer(contender, request) {
  try {
    const { late, delay, ...rest } = await measureSlice(contender, request);
    return { ...rest, late: short(late), delay: short(delay) };
  } catch (error) {
    return { error: error.message };
  }
}

try {
  const contender = await contenders[process.argv[2]].load();
  send('ready');
  for await (const line of createInterface({ input: process.stdin })) send(await answer(contender, JSON.parse(line)));
} catch (error) {
  send({ error: error.message });
}
