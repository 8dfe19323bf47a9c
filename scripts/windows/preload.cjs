// Preloaded in the Windows Node for every script that `npm run win` and the tests start. Lets scripts anywhere on disk import
// `rtworkq`, and records the exit code that JavaScript saw. Wine has reported 0 for a process that crashed, so the host
// compares the two.

'use strict';

const { createRequire, registerHooks } = require('node:module');
const { pathToFileURL } = require('node:url');
const { writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { isMainThread } = require('node:worker_threads');

const repository = join(__dirname, '../../package.json');
const fromRepository = createRequire(repository);

function resolve(specifier, context, next) {
  try {
    return next(specifier, context);
  } catch (error) {
    // An installed rtworkq takes precedence; otherwise use this repository.
    if (!/^rtworkq(\/|$)/.test(specifier) || !/MODULE_NOT_FOUND$/.test(error.code)) throw error;
    // A hook cannot change what require() resolves from, so resolve it here.
    if (context.conditions.includes('require')) return { url: pathToFileURL(fromRepository.resolve(specifier)).href, shortCircuit: true };
    return next(specifier, { ...context, parentURL: pathToFileURL(repository).href });
  }
}

// Programs inside the repository can import it by name anyway, and the hooks take half of the loading time.
if (!process.env.RTWORKQ_INSIDE) registerHooks({ resolve });

const record = process.env.RTWORKQ_EXIT_RECORD;
// Not for child processes.
delete process.env.RTWORKQ_EXIT_RECORD;

if (record && isMainThread) {
  const note = (code) => writeFileSync(record, String(code ?? 0));
  const { emit, reallyExit } = process;
  process.emit = function (event, ...args) {
    const result = emit.call(this, event, ...args);
    // After the listeners, which may change the code.
    if (event === 'exit') note(process.exitCode ?? args[0]);
    return result;
  };
  // If a listener calls process.exit(), only this runs.
  process.reallyExit = function (code) {
    note(code);
    return reallyExit.call(this, code);
  };
}
