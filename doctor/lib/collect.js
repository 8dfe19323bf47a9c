// The whole examination: what the machine is, then what is measured on it.

import { nothingKnown } from './machine/facts.js';
import { countSlices, measureAll } from './measure/measure.js';
import { planFor } from './measure/plan.js';
import { version } from './package.js';
import { Program } from './programs/program.js';

const PROBE_LIMIT_MS = 300_000;

/** The report's `format`: another number is another shape. */
export const FORMAT = 1;

async function probe() {
  const program = new Program('probe.js');
  try {
    return await program.hear(PROBE_LIMIT_MS);
  } catch (error) {
    return nothingKnown(error.message);
  } finally {
    await program.end();
  }
}

/**
 * @param {{ quick: boolean }} options
 * @param {{ start: (slices: number) => void, advance: () => void }} progress
 */
export async function collect({ quick }, progress) {
  const machine = await probe();
  const plan = planFor({ quick, supported: machine.rtworkq.value?.supported === true });
  progress.start(countSlices(plan));
  const date = new Date().toISOString();
  return { format: FORMAT, doctor: version, date, quick, machine, ...(await measureAll(plan, progress.advance)) };
}
