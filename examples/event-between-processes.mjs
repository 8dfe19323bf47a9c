// Two processes wake each other with named events, and the first one notices when the second one exits. The second process can
// be written in any language: it calls OpenEventW and SetEvent.
//
//   node event-between-processes.mjs

import { spawn } from 'node:child_process';
import { ProcessHandle, WaitableEvent, waitFor, waitForAny } from 'rtworkq';

// A `Local\` name is visible in this session, a `Global\` name on the whole machine. Any program that knows it may open it.
const [name = `Local\\my-app-${process.pid}`, isSecond] = process.argv.slice(2);

async function first() {
  const asked = WaitableEvent.create({ name: `${name}-asked` }); // auto-reset: wakes one waiter, then resets itself
  const answered = WaitableEvent.create({ name: `${name}-answered` });
  const { pid = 0 } = spawn(process.execPath, [import.meta.filename, name, 'second'], { stdio: 'inherit' });
  const second = ProcessHandle.open(pid); // now, before the process can end and Windows can reuse its id

  for (;;) {
    const { index } = await waitForAny([asked, second]);
    if (index === 1) break; // Otherwise a crash of the second process would leave this loop waiting forever.
    console.log('first: got a question, answering');
    answered.set();
  }
  console.log(`first: the second process exited with ${second.exitCode}`);
}

async function second() {
  const asked = WaitableEvent.open(`${name}-asked`); // throws if it does not exist
  const answered = WaitableEvent.open(`${name}-answered`);
  for (let question = 1; question <= 3; question++) {
    asked.set();
    // Setting an event that is already set adds no signal, so wait for the answer before the next question.
    if ((await waitFor(answered, { timeout: 60_000 })) === 'timeout') throw new Error('no answer');
    console.log(`second: got answer ${question}`);
  }
}

await (isSecond ? second() : first());
