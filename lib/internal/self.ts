// The object behind what a program made of it: a proxy, as reactive frameworks make, a copy, or an object that inherits from it.
// None of them has the object's private members.

import { thisError } from './errors';

/**
 * A public object's own function that returns the object: through a proxy it still does, while a proxy may replace objects that it
 * returns by further proxies. It is enumerable, so that copies have it.
 */
export const self = Symbol('self');

function getThis<T>(this: T): T {
  return this;
}

// Its own, captured at load: programs may replace the inherited one.
Object.defineProperty(getThis, 'bind', { value: getThis.bind });

/** Creates that function. Bound, because a closure takes twice the memory. */
export const returning = <T extends object>(object: T): (() => T) => getThis.bind(object) as () => T;

/** The object behind a value, if there is one, otherwise the value. For arguments and options, when they are read. */
export const unwrapped = (value: unknown): unknown => behind(value) ?? value;

/** Returns the object of a class behind `this`. `name` is what users know the class as. */
export function owner<T extends object>(object: T, type: { readonly prototype: object }, name: string, member: string): T {
  const found = behind(object);
  if (isInstance(found, type)) return found as T;
  const { get, value } = Object.getOwnPropertyDescriptor(type.prototype, member) ?? {};
  throw thisError(name, object, get ?? value);
}

// biome-ignore lint/complexity/noBannedTypes: constructors may be private.
const isInstance = (value: unknown, type: object): boolean => value instanceof (type as Function);

/** Returns the object behind a value, or undefined. Runs a proxy's user code, so call it before anything is looked up. */
export function behind(value: unknown): unknown {
  try {
    const own: unknown = (value as { [self]?: unknown } | null | undefined)?.[self];
    return typeof own === 'function' ? own() : undefined;
  } catch {
    // A revoked proxy, or one whose user code throws.
    return undefined;
  }
}
