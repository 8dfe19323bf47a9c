// Collects the facts about the machine in its own process, so that a crash in a Windows function does not end the doctor.

import { askMachine } from '../machine/facts.js';

process.stdout.write(`${JSON.stringify(await askMachine())}\n`, () => process.exit());
