// How a process ends after each step of a program that uses rtworkq.

import { describe, expect, test } from '@jest/globals';
import { runCode, runFixture } from '../support/child';

const STEPS = ['import', 'startup', 'schedule', 'fire', 'cancel', 'shutdown'];
const prefixes = STEPS.map((_, index) => STEPS.slice(0, index + 1).join(','));

const endings = [
  ['running to the end', 'end', 0],
  ['process.exit()', 'exit', 5],
  ['an uncaught exception', 'throw', 1],
] as const;

describe.each(endings)('a process exits normally by %s', (_, ending, code) => {
  test.each(prefixes)('after %s', async (steps) => {
    const ended = await runFixture('steps', { args: [steps, ending] });
    expect(ended).toMatchObject({ code, signal: null, last: `steps ok: ${steps}` });
    if (ending === 'throw') expect(ended.stderr).toContain('Error: thrown on purpose');
    else expect(ended.stderr).toBe('');
  });
});

describe('a process exits normally by process.exit() while thousands of callbacks arrive', () => {
  test.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])('after %d ms', async (delay) => {
    const code = `
      for (let i = 0; i < 3000; i++) { rtworkq.putWorkItem(); rtworkq.scheduleWorkItem(i % 10); }
      setTimeout(() => { console.log('leaving'); process.exit(3); }, ${delay});`;
    const ended = await runCode(code);
    expect(ended).toMatchObject({ code: 3, signal: null, last: 'leaving', stderr: '' });
  });
});
