// Two processes that wake each other by events with a name, and notice when the other one is gone. Any program may take
// the place of the second process, whatever it is written in: it calls OpenEventW and SetEvent.
//
//   node event-between-processes.mjs

import { spawn } from 'node:child_process';
import { ProcessHandle, WaitableEvent, waitFor, waitForAny } from 'rtworkq';

// `Local\` is for the programs of this session, `Global\` for those of the machine. Whoever knows the name may open it.
const [name = `Local\\my-app-${process.pid}`, isSecond] = process.argv.slice(2);

async function first() {
  const asked = WaitableEvent.create({ name: `${name}-asked` }); // auto-reset: wakes one who waits, and resets itself
  const answered = WaitableEvent.create({ name: `${name}-answered` });
  const { pid = 0 } = spawn(process.execPath, [import.meta.filename, name, 'second'], { stdio: 'inherit' });
  const second = ProcessHandle.open(pid); // now: the id of a process that has ended may become another's

  for (;;) {
    const { index } = await waitForAny([asked, second]);
    if (index === 1) break; // Without this, one that has crashed would be waited for for ever.
    console.log('first: was asked, and answers');
    answered.set();
  }
  console.log(`first: the second process has ended with ${second.exitCode}`);
}

async function second() {
  const asked = WaitableEvent.open(`${name}-asked`); // throws where nobody has made it
  const answered = WaitableEvent.open(`${name}-answered`);
  for (let question = 1; question <= 3; question++) {
    asked.set();
    // A set event is one signal, however often it is set: so wait for the answer before the next one.
    if ((await waitFor(answered, { timeout: 60_000 })) === 'timeout') throw new Error('nobody answers');
    console.log(`second: answer ${question}`);
  }
}

await (isSecond ? second() : first());
