// What `npm run test:deep` runs, and the programs that keep the processors busy meanwhile.

import { expect, test } from '@jest/globals';
import { importable, runModule } from '../support/host';

const deep = importable('scripts/lib/deep.mjs');

interface Run {
  name: string;
  patterns: string[];
  optional: boolean;
}

async function plan(values: object): Promise<Run[]> {
  const { result, error } = await runModule(`import { planDeep } from ${deep}; return planDeep(values[0]);`, values);
  if (error) throw new Error(error.message);
  return result as Run[];
}

// On Windows everything runs in the installed Node.
(process.platform === 'win32' ? test.skip : test)('npm run test:deep runs both DLLs in x64 and ia32', async () => {
  const runs = await plan({});
  expect(runs.map(({ name, optional }) => [name, optional])).toEqual([
    ["24-x64, Wine's DLL", false],
    ['24-x64, the stand-in', false],
    ["22-ia32, Wine's DLL", true],
    ['22-ia32, the stand-in', true],
  ]);
  const patterns = ['conservation', 'core/model', 'lifetime/many-waits', 'lifetime/mutexes', 'lifetime/timers', 'lifetime/workers'];
  for (const run of runs) expect(run.patterns).toEqual(patterns);
  expect((await plan({ arch: 'ia32', dll: 'wine' })).map(({ name, optional }) => [name, optional])).toEqual([
    ["22-ia32, Wine's DLL", false],
  ]);
});

test('the busy loops of npm run test:deep run until the tests have ended, also when these fail', async () => {
  // A loop that goes on would keep this program alive.
  const code = `
    import { besideBusyLoops } from ${deep};
    const children = () => process.getActiveResourcesInfo().filter((each) => each === 'ProcessWrap').length;
    const during = await besideBusyLoops(async () => children());
    const error = await besideBusyLoops(async () => { throw new Error('thrown on purpose'); }).catch(({ message }) => message);
    return { during, error };`;
  const { result } = await runModule(code);
  expect(result).toEqual({ during: 2, error: 'thrown on purpose' });
});
