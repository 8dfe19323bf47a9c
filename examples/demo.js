// Shows what rtworkq does, in one file. Run it with `npm run demo`.

'use strict';

const { spawn } = require('node:child_process');
const { performance } = require('node:perf_hooks');
const os = require('node:os');
const {
  ProcessHandle,
  RtwqError,
  WaitableEvent,
  WorkQueue,
  addPeriodicCallback,
  cancelWorkItem,
  periodicBeat,
  putWorkItem,
  scheduleWorkItem,
  shutdown,
  startup,
  supportStatus,
  waitFor,
  waitForAny,
  waitForProcessExit,
} = require('rtworkq');
const { setInterval } = require('rtworkq/timers/promises');

// The demo starts itself as a second process, and passes the name of an event to set.
const [eventName] = process.argv.slice(2);

function child() {
  WaitableEvent.open(eventName).set();
  process.exitCode = 42;
}

async function main() {
  const status = supportStatus();
  if (!status.supported) throw new Error(status.reason);
  const host = status.wine ? `Wine ${status.wine}` : `Windows ${os.release()}`;
  console.log(`${status.dll.path}, version ${status.dll.version}, on ${host}, Node ${process.version} ${process.arch}\n`);

  // The first work item would start the platform anyway. Do it now, before anything is timed.
  startup();
  await Promise.all([putWorkItem(), scheduleWorkItem(0)]);

  console.log('scheduleWorkItem(ms): the key, when RTWorkQ ran the callback (firedAt), how late it was');
  await Promise.all(
    [0, 1, 5, 20, 100].map(async (ms) => {
      const due = performance.now() + ms;
      const item = scheduleWorkItem(ms);
      const { firedAt } = await item;
      const key = `0x${item.key.toString(16)}`;
      console.log(`  ${String(ms).padStart(3)} ms  ${key}  ${firedAt.toFixed(3)}  ${(firedAt - due).toFixed(3)} ms late`);
    }),
  );

  console.log('\nthree ways to cancel');
  const byCall = scheduleWorkItem(10_000);
  console.log(`  item.cancel(): ${byCall.cancel()}, ${await outcome(byCall)}`);

  const byKey = scheduleWorkItem(10_000);
  cancelWorkItem(byKey.key);
  console.log(`  cancelWorkItem(key): ${await outcome(byKey)}`);

  const controller = new AbortController();
  const bySignal = scheduleWorkItem(10_000, { signal: controller.signal });
  controller.abort(new Error('the user pressed Escape'));
  console.log(`  AbortSignal: ${await outcome(bySignal)}`);

  console.log('\na key that is no longer valid');
  try {
    cancelWorkItem(byKey.key);
  } catch (error) {
    if (!(error instanceof RtwqError)) throw error;
    console.log(`  ${error.name} ${error.code}: ${error.message}`);
  }

  console.log('\na serial work queue on top of the multithreaded queue');
  const queue = WorkQueue.allocateSerial(WorkQueue.multithreaded);
  const fired = await Promise.all([queue.put(), queue.put({ priority: 1 }), queue.schedule(5)]);
  console.log(`  queue 0x${queue.id.toString(16)} fired at ${fired.map(({ firedAt }) => firedAt.toFixed(3)).join(', ')} ms`);
  await queue.close();

  console.log('\nanother process');
  const name = `Local\\rtworkq-demo-${process.pid}`;
  const event = WaitableEvent.create({ name });
  console.log(`  waitFor(event, { timeout: 20 }): ${await waitFor(event, { timeout: 20 })}`);
  const { pid } = spawn(process.execPath, [__filename, name], { stdio: 'inherit' });
  const spawned = ProcessHandle.open(pid); // now, before the process can end and Windows can reuse its id
  const exit = waitForProcessExit(pid);
  const { index } = await waitForAny([event, spawned]);
  console.log(`  waitForAny([event, process]): process ${pid} has ${['set the event', 'exited'][index]}`);
  console.log(`  waitForProcessExit(${pid}): ${await exit}`);
  event.close();
  spawned.close();

  console.log("\nRTWorkQ's periodic callback");
  let beats = 0;
  const beat = addPeriodicCallback(() => beats++);
  await scheduleWorkItem(200);
  beat.remove();
  console.log(`  ${beats} calls in 200 ms`);
  for await (const { firedAt, missed } of periodicBeat()) {
    console.log(`  for await (... of periodicBeat()): ${firedAt.toFixed(3)} ms, ${missed} missed`);
    break;
  }

  console.log('\nrtworkq/timers/promises: lateness of 20 ticks of 5 ms');
  const late = [];
  for await (const { dueAt, firedAt } of setInterval(5, undefined, { details: true })) {
    if (late.push(firedAt - dueAt) === 20) break;
  }
  late.sort((one, other) => one - other);
  console.log(`  half of them at most ${late[9].toFixed(3)} ms, the worst ${late[19].toFixed(3)} ms`);

  await shutdown();
  console.log('\ndemo ok');
}

async function outcome(item) {
  try {
    await item;
    return item.state;
  } catch (error) {
    return `${item.state}, rejected with ${error.code}${error.cause ? ` because ${error.cause.message}` : ''}`;
  }
}

if (eventName) child();
else main();
