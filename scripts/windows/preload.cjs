// Runs in the Windows Node in front of a script started by `npm run win` and the tests. It makes `rtworkq` resolvable
// for scripts anywhere on disk, and keeps a record of how the program ended by JavaScript's account: Wine has been seen
// to report 0 for a process that crashed, so the host compares.

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
    // An installed rtworkq wins; only where there is none, this repository is it.
    if (!/^rtworkq(\/|$)/.test(specifier) || !/MODULE_NOT_FOUND$/.test(error.code)) throw error;
    // What a require() resolves from cannot be changed here, so that it is resolved for it.
    if (context.conditions.includes('require')) return { url: pathToFileURL(fromRepository.resolve(specifier)).href, shortCircuit: true };
    return next(specifier, { ...context, parentURL: pathToFileURL(repository).href });
  }
}

// Programs inside the repository find it by its name anyway, and the hooks take half of the time that loading takes.
if (!process.env.RTWORKQ_INSIDE) registerHooks({ resolve });

const record = process.env.RTWORKQ_EXIT_RECORD;
// Child processes are their parents' business.
delete process.env.RTWORKQ_EXIT_RECORD;

if (record && isMainThread) {
  const note = (code) => writeFileSync(record, String(code ?? 0));
  const { emit, reallyExit } = process;
  process.emit = function (event, ...args) {
    const result = emit.call(this, event, ...args);
    // After the last listener, which may still have changed the code.
    if (event === 'exit') note(process.exitCode ?? args[0]);
    return result;
  };
  // A listener that calls process.exit() comes by here only.
  process.reallyExit = function (code) {
    note(code);
    return reallyExit.call(this, code);
  };
}
