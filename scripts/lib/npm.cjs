// Runs npm without a shell. On Windows npm is a batch file, which only a shell can start, and a shell splits paths at spaces. So
// Node runs npm's script there. CommonJS, because the tests of test/host use it too.

const { existsSync } = require('node:fs');
const { delimiter, dirname, join } = require('node:path');

/**
 * Returns the program and arguments that run `npm` or `npx` without a shell. Other programs stay as they are.
 * @param {string} program
 * @param {string[]} args
 * @returns {[string, string[]]}
 */
function withoutShell(program, args) {
  if (process.platform !== 'win32' || (program !== 'npm' && program !== 'npx')) return [program, args];
  const folders = [dirname(process.execPath), ...(process.env.PATH ?? '').split(delimiter)];
  const files = folders.map((folder) => join(folder, `node_modules/npm/bin/${program}-cli.js`));
  const file = files.find((candidate) => existsSync(candidate));
  // If there is no such file, starting npm fails with its name in the error.
  return file ? [process.execPath, [file, ...args]] : [program, args];
}

module.exports = { withoutShell };
