// Runs webpack or Rspack with the configuration in the current folder.

import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const compilers = { webpack: 'webpack', '@rspack/core': 'rspack' };
const name = process.argv[2];
const module = await import(name);
const compile = module[compilers[name]] ?? module.default;
const { default: configuration } = await import(pathToFileURL(resolve('webpack.config.mjs')).href);
const stats = await new Promise((done, fail) => compile(configuration, (error, result) => (error ? fail(error) : done(result))));
const text = stats.toString({ all: false, errors: true, warnings: true });
if (text) console.error(text);
process.exitCode = stats.hasErrors() || stats.hasWarnings() ? 1 : 0;
