// Where npm's own program is. On Windows npm is a batch file, which only a shell starts, and a shell takes paths with spaces
// apart. So npm is run by Node itself there. CommonJS, because the tests of test/host need it too.

const { existsSync } = require('node:fs');
const { delimiter, dirname, join } = require('node:path');

/**
 * The program and arguments that run `npm` or `npx` without a shell; any other program as it is.
 * @param {string} program
 * @param {string[]} args
 * @returns {[string, string[]]}
 */
function withoutShell(program, args) {
  if (process.platform !== 'win32' || (program !== 'npm' && program !== 'npx')) return [program, args];
  const folders = [dirname(process.execPath), ...(process.env.PATH ?? '').split(delimiter)];
  const files = folders.map((folder) => join(folder, `node_modules/npm/bin/${program}-cli.js`));
  const file = files.find((candidate) => existsSync(candidate));
  // Starting it fails then, with its name in the error.
  return file ? [process.execPath, [file, ...args]] : [program, args];
}

module.exports = { withoutShell };
