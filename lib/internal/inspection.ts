// What console.log and util.inspect show of the package's objects: only what users can also read.

import { type InspectOptions, inspect } from 'node:util';
import { behind } from './self';

/** Shows the objects of a class as a name and some of their properties. */
export function showAs<T extends object>(type: { readonly prototype: T }, name: string, show: (object: T) => object): void {
  const custom = function (this: T, _depth: number, options: InspectOptions): string {
    let shown: object;
    try {
      shown = show((behind(this) ?? this) as T);
    } catch {
      // The prototype, or an object of another class.
      return name;
    }
    return `${name} ${inspect(shown, options)}`;
  };
  Object.defineProperty(type.prototype, inspect.custom, { value: custom, configurable: true, writable: true });
}
