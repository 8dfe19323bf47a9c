// What console.log and util.inspect show of the package's objects: what a user can ask of them, and nothing else.

import { type InspectOptions, inspect } from 'node:util';

/** Has the objects of a class shown by a name and some of their properties. */
export function showAs<T extends object>(type: { readonly prototype: T }, name: string, show: (object: T) => object): void {
  const custom = function (this: T, _depth: number, options: InspectOptions): string {
    let shown: object;
    try {
      shown = show(this);
    } catch {
      // A prototype, or an object that is none of the class.
      return name;
    }
    return `${name} ${inspect(shown, options)}`;
  };
  Object.defineProperty(type.prototype, inspect.custom, { value: custom, configurable: true, writable: true });
}
