// The whole examination: first the facts about the machine, then the measurements.

import { allUnknown } from './machine/facts.js';
import { countSlices, measureAll } from './measure/measure.js';
import { planFor } from './measure/plan.js';
import { version } from './package.js';
import { Program } from './programs/program.js';

const PROBE_LIMIT_MS = 300_000;

/** The version of the report's format. */
export const FORMAT = 1;

async function probe() {
  const program = new Program('probe.js');
  try {
    return await program.receive(PROBE_LIMIT_MS);
  } catch (error) {
    return allUnknown(error.message);
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
