// Preloaded into Node's own tests: what imports node:timers or node:timers/promises gets rtworkq's, except rtworkq itself.

'use strict';

const Module = require('node:module');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');

const repository = join(__dirname, '../../package.json');
const library = join(__dirname, '../../dist/');
const fromRepository = Module.createRequire(repository);

const SWAPPED = new Map([
  ['timers', 'rtworkq/timers'],
  ['timers/promises', 'rtworkq/timers/promises'],
]);

const swapped = (request) => SWAPPED.get(request.replace(/^node:/, ''));

// Not with a hook: Node 22 cannot resolve a `node:` name to a file when it is required.
const { _load: load } = Module;
Module._load = function (request, parent, ...rest) {
  const name = swapped(request);
  return name && !parent?.filename?.startsWith(library) ? fromRepository(name) : Reflect.apply(load, this, [request, parent, ...rest]);
};

// Node 22.15 and later have it. `npm run test:node` leaves out ES modules otherwise.
Module.registerHooks?.({
  resolve(specifier, context, next) {
    const name = context.conditions.includes('import') ? swapped(specifier) : undefined;
    return name ? next(name, { ...context, parentURL: pathToFileURL(repository).href }) : next(specifier, context);
  },
});
