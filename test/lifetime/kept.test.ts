// What must not stay in memory: a settled work item's signal, and the async context of the first call into the package.

import { expect, test } from '@jest/globals';
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
