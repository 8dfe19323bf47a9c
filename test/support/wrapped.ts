// What programs make of an object: proxies, as reactive frameworks do, and copies.

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** A proxy that returns proxies of all objects except promises, as Vue's reactive() does. */
export const deepProxy = <T extends object>(object: T): T =>
  new Proxy(object, {
    get(target, name, receiver) {
      const value = Reflect.get(target, name, receiver);
      return isObject(value) && !(value instanceof Promise) ? deepProxy(value) : value;
    },
  });

/** A copy with the same prototype, as lodash's clone() makes. */
export const cloned = <T extends object>(object: T): T => Object.assign(Object.create(Object.getPrototypeOf(object)), object);

/** Ways to wrap an object so that all of its methods still work on it. */
export const PROXIES: readonly [name: string, wrap: <T extends object>(object: T) => T][] = [
  ['a proxy', (object) => new Proxy(object, {})],
  ['a proxy of a proxy', (object) => new Proxy(new Proxy(object, {}), {})],
  ['a deep proxy', deepProxy],
];

/** Further ways, with which those of Node's own classes that keep their state in plain properties work in part. */
export const COPIES: typeof PROXIES = [
  ['an object that inherits from it', (object) => Object.create(object)],
  ['a copy', cloned],
];
