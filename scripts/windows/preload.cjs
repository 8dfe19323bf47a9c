// Runs in the Windows Node in front of a script started by `npm run win` and the tests. It makes `rtworkq` resolvable
// for scripts anywhere on disk, and keeps a record of how the program ended by JavaScript's account: Wine has been seen
// to report 0 for a process that crashed, so the host compares.

'use strict';

const { registerHooks } = require('node:module');
const { pathToFileURL } = require('node:url');
const { writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { isMainThread } = require('node:worker_threads');

const parentURL = pathToFileURL(join(__dirname, '../../package.json')).href;

registerHooks({
  resolve(specifier, context, next) {
    try {
      return next(specifier, context);
    } catch (error) {
      // An installed rtworkq wins; only where there is none, this repository is it.
      if (!/^rtworkq(\/|$)/.test(specifier) || !/MODULE_NOT_FOUND$/.test(error.code)) throw error;
      return next(specifier, { ...context, parentURL });
    }
  },
});

const record = process.env.RTWORKQ_EXIT_RECORD;
// Child processes are their parents' business.
delete process.env.RTWORKQ_EXIT_RECORD;

if (record && isMainThread) {
  const emit = process.emit;
  process.emit = function (event, ...args) {
    const result = emit.call(this, event, ...args);
    // After the last listener, which may still have changed the code.
    if (event === 'exit') writeFileSync(record, String(process.exitCode ?? args[0] ?? 0));
    return result;
  };
}
