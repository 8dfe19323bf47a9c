// Hosts and flags that change how addons are loaded.

import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { runCode } from '../support/child';
import { makeFolder, removeFolder } from '../support/folders';

const fire = "rtworkq.scheduleWorkItem(1).then(({ status }) => console.log('fired', status));";
const report = `
  try { rtworkq.scheduleWorkItem(1); } catch (error) { console.log(JSON.stringify({ code: error.code, message: error.message, cause: error.cause?.code })); }
  console.log(rtworkq.isSupported());`;

test('works in a host that is named electron.exe', async () => {
  const folder = makeFolder('host');
  try {
    const exe = join(folder, 'electron.exe');
    copyFileSync(process.execPath, exe);
    expect(await runCode(fire, { exe })).toMatchObject({ code: 0, last: 'fired 0', stderr: '' });
  } finally {
    removeFolder(folder);
  }
});

describe('flags that forbid addons give a clear error', () => {
  test.each([
    ['--no-addons', ['--no-addons']],
    ['the permission model', ['--permission', '--allow-fs-read=*']],
  ])('%s', async (_, flags) => {
    const ended = await runCode(report, { flags });
    const [error = '', supported] = ended.stdout.trim().split(/\r?\n/);
    expect(ended.code).toBe(0);
    expect(JSON.parse(error)).toMatchObject({
      code: 'ERR_RTWORKQ_UNAVAILABLE',
      cause: 'ERR_DLOPEN_DISABLED',
      message: expect.stringContaining('--no-addons'),
    });
    expect(supported).toBe('false');
  });
});

test.each(['--stack-size=200', '--jitless', '--max-semi-space-size=1', '--expose-gc', '--disable-proto=throw', '--frozen-intrinsics'])(
  'works with %s',
  async (flag) => {
    expect(await runCode(fire, { flags: [flag] })).toMatchObject({ code: 0, last: 'fired 0' });
  },
);
