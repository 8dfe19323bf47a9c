// Asks the machine what it is, in a process of its own: a function of Windows that crashes shall not take the doctor along.

import { askMachine } from '../machine/facts.js';

process.stdout.write(`${JSON.stringify(await askMachine())}\n`, () => process.exit());
