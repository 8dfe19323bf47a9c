// What must not stay in memory: a settled work item's signal, and the async context of the first call into the package.

import { describe, expect, test } from '@jest/globals';
import { runCode } from '../support/child';

const COLLECTED = `
  async function collected(ref) {
    for (let round = 0; round < 50 && ref.deref(); round++) {
      await new Promise(setImmediate);
      gc();
    }
    return ref.deref() === undefined;
  }`;

test.each([
  ['fired', 'await item'],
  ['cancelled', 'item.cancel()'],
  ['closed', 'await rtworkq.shutdown()'],
])('a %s work item releases its signal', async (_, settle) => {
  const code = `${COLLECTED}
    const start = (signal) => [rtworkq.scheduleWorkItem(1, { signal }), new WeakRef(signal)];
    (async () => {
      const [item, ref] = start(new AbortController().signal);
      ${settle};
      console.log(await collected(ref), item.state);
    })();`;
  const ended = await runCode(code, { flags: ['--expose-gc'] });
  expect(ended).toMatchObject({ code: 0, last: expect.stringMatching(/^true /), stderr: '' });
});

test('the package releases the async context of the first call', async () => {
  const code = `${COLLECTED}
    const storage = new (require('node:async_hooks').AsyncLocalStorage)();
    const first = (context) => {
      storage.run(context, () => rtworkq.putWorkItem());
      return new WeakRef(context);
    };
    collected(first({})).then(console.log);`;
  const ended = await runCode(code, { flags: ['--expose-gc'] });
  expect(ended).toMatchObject({ code: 0, last: 'true', stderr: '' });
});

describe('an ended timer releases what it had', () => {
  const USES: [what: string, start: string][] = [
    ['the stores of a cleared Timeout', 'kept.push(timers.setTimeout(() => {}, 3_600_000)); timers.clearTimeout(kept.at(-1));'],
    ['the stores of a cleared Timeout that no code keeps', 'timers.clearTimeout(timers.setTimeout(() => {}, 3_600_000));'],
    ['the stores of a fired Timeout', 'kept.push(timers.setTimeout(() => {}, 1));'],
    ['the stores of a cleared interval', 'kept.push(timers.setInterval(() => {}, 1)); timers.clearInterval(kept.at(-1));'],
    ['the stores of an aborted sleep', 'promises.setTimeout(3_600_000, 0, { signal }).catch(() => {}); abort();'],
    ['the value of an aborted sleep', 'promises.setTimeout(3_600_000, store, { signal }).catch(() => {}); abort();'],
    ['the value of a sleep', 'kept.push(promises.setTimeout(1, store).then(() => {}));'],
  ];

  test.each(USES)('%s', async (what, start) => {
    const code = `${COLLECTED}
      const timers = require('rtworkq/timers');
      const promises = require('rtworkq/timers/promises');
      const storage = new (require('node:async_hooks').AsyncLocalStorage)();
      const kept = [];
      const use = (store) => {
        const controller = new AbortController();
        const { signal } = controller;
        const abort = () => controller.abort();
        ${what.startsWith('the stores') ? `storage.run(store, () => { ${start} });` : start}
        return new WeakRef(store);
      };
      (async () => {
        const refs = Array.from({ length: 60 }, () => use({}));
        await promises.setTimeout(20);
        let left = 0;
        for (const ref of refs) if (!(await collected(ref))) left++;
        console.log(left, kept.length);
      })();`;
    const ended = await runCode(code, { flags: ['--expose-gc'] });
    expect(ended).toMatchObject({ code: 0, last: expect.stringMatching(/^0 /), stderr: '' });
  });
});
