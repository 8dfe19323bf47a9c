// The names of kernel objects, as all programs of the simulated machine see them. A name is taken for as long as anything refers to
// its object.

import type { KnownCode } from '../../internal/hresults';
import type { KernelObject } from './objects';

const LOCAL = 'Local\\';
const GLOBAL = 'Global\\';

/** A failure has only the code. */
export type Found<T> = { readonly object: T; readonly createdNew: boolean } | { readonly code: KnownCode };

export type Kind<T extends KernelObject> = new (...args: never[]) => T;

export class Namespace {
  readonly #objects = new Map<string, KernelObject>();

  /** Makes an object, or finds the one that has the name. */
  create<T extends KernelObject>(kind: Kind<T>, name: string | undefined, make: () => T): Found<T> {
    if (name === undefined) return { object: make(), createdNew: true };
    const key = this.#keyOf(name);
    if (key === undefined) return { code: 'ERROR_PATH_NOT_FOUND' };
    if (this.#objects.has(key)) return this.open(kind, name);
    const object = make();
    this.#objects.set(key, object);
    object.onUnreferenced = () => this.#objects.delete(key);
    return { object, createdNew: true };
  }

  open<T extends KernelObject>(kind: Kind<T>, name: string): Found<T> {
    const key = this.#keyOf(name);
    if (key === undefined) return { code: 'ERROR_PATH_NOT_FOUND' };
    const object = this.#objects.get(key);
    if (!object) return { code: 'ERROR_FILE_NOT_FOUND' };
    return object instanceof kind ? { object, createdNew: false } : { code: 'E_HANDLE' };
  }

  /** Whether an object has the name. */
  has(name: string, object: KernelObject): boolean {
    const key = this.#keyOf(name);
    return key !== undefined && this.#objects.get(key) === object;
  }

  /** Undefined for a name that has a backslash where it cannot have one. */
  #keyOf(name: string): string | undefined {
    const [prefix, rest] = name.startsWith(GLOBAL)
      ? [GLOBAL, name.slice(GLOBAL.length)]
      : [LOCAL, name.startsWith(LOCAL) ? name.slice(LOCAL.length) : name];
    return rest.includes('\\') ? undefined : prefix + rest;
  }
}
