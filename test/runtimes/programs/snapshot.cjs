// Node's startup snapshots: while one is built, the package says why it does not work, and in the program that starts from it, it works.

'use strict';

const assert = require('node:assert/strict');
const { spawnSync } = require('node:child_process');
const { mkdtempSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { check, run } = require('./checks.cjs');

const root = join(__dirname, '../../..');
const library = readFileSync(join(root, 'dist/shared/rtworkq.js'), 'utf8');

// A snapshot is built from one file, so users bundle their program.
const program = `
  const { supportStatus, putWorkItem } = (() => {
    const exports = {};
    ${library}
    return exports;
  })();
  const show = (value) => console.log(JSON.stringify(value));
  const codeOf = (action) => {
    try {
      action();
    } catch ({ code }) {
      return code;
    }
  };
  show({ reason: supportStatus().reason, code: codeOf(putWorkItem) });
  require('node:v8').startupSnapshot.setDeserializeMainFunction(async () => {
    const { status } = await putWorkItem();
    show({ supported: supportStatus().supported, status });
  });`;

check('a snapshot can be built and started', () => {
  // As deep as dist/shared, so that the copy finds the package's addon.
  const folder = mkdtempSync(join(root, 'build/snapshot-'));
  try {
    const [main, blob] = [join(folder, 'main.js'), join(folder, 'snapshot.blob')];
    writeFileSync(main, program);
    const start = (...args) => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [`--snapshot-blob=${blob}`, ...args], { encoding: 'utf8' });
      assert.equal(status, 0, stderr);
      return JSON.parse(stdout);
    };
    const built = start('--build-snapshot', main);
    assert.match(built.reason, /^Node is building a startup snapshot/);
    assert.equal(built.code, 'ERR_RTWORKQ_UNAVAILABLE');
    assert.deepEqual(start(main), { supported: true, status: 0 });
  } finally {
    // Windows keeps files locked until shortly after their process has ended.
    rmSync(folder, { recursive: true, force: true, maxRetries: 24, retryDelay: 100 });
  }
});

void run();
