// The names of functions. A bundler renames one of two functions with the same name.

/** Gives functions the names under which they are exported. */
export function keepNames(functions: Readonly<Record<string, object>>): void {
  for (const name of Object.keys(functions)) Object.defineProperty(functions[name], 'name', { value: name, configurable: true });
}
