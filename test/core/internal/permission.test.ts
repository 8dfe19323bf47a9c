// The package under Node's permission model.

import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { makeFolder, removeFolder } from '../../support/folders';
import { addonFile, built, copyPackageTo, runCopyIn } from '../../support/package-copy';

let folder: string;
beforeEach(() => {
  folder = makeFolder('permission');
});
afterEach(() => removeFolder(folder));

describe('under the permission model, if Node may not read', () => {
  const withheld: [string, string[], unknown[]][] = [
    ['nothing of the package', [], [true, null]],
    // Without it, the package does not know its own folder.
    ['its package.json', ['package.json'], [false, 'ERR_ACCESS_DENIED']],
    ['a build', [built], [true, null]],
    ['its addon', ['prebuilds'], [false, 'ERR_ACCESS_DENIED']],
  ];

  test.each(withheld)('%s, isSupported() and the timers do not throw', async (_, hidden, [supported, cause]) => {
    copyPackageTo(folder, addonFile);
    const readable = ['dist', 'prebuilds', 'package.json'].filter((part) => !hidden.includes(part));
    const flags = [
      '--no-warnings',
      '--permission',
      '--allow-addons',
      ...readable.map((part) => `--allow-fs-read=${join(folder, part)}${part.includes('.') ? '' : '\\*'}`),
    ];
    const use = `
      const timers = require(${JSON.stringify(join(folder, 'dist/timers/index.js'))});
      const sleep = () => new Promise((resolve) => timers.setTimeout(resolve, 1));
      const status = rtworkq.supportStatus();
      (async () => {
        await sleep();
        await sleep();
        console.log(JSON.stringify([rtworkq.isSupported(), status.cause?.code ?? null]));
      })();`;
    // Without the tests' own preparations of their children, which read files elsewhere.
    const { last, stderr } = await runCopyIn(folder, use, { flags, env: { NODE_OPTIONS: '' } });
    expect([last, stderr]).toEqual([JSON.stringify([supported, cause]), '']);
  });
});
