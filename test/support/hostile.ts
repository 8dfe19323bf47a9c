// What hostile programs pass: options whose getters have side effects, and signals that are not Node's.

/** Options with a property that calls `act` when it is read, and then has its usual value. */
export const acting = (options: Readonly<Record<string, unknown>>, name: string, act: () => void): object =>
  Object.defineProperty({ ...options }, name, {
    enumerable: true,
    get() {
      act();
      return options[name];
    },
  });

/** Options that count how often each property is read, and list all other operations on them. */
export function counting(options: object): { options: object; reads: Record<string, number>; others: string[] } {
  const reads: Record<string, number> = {};
  const others: string[] = [];
  const traps: ProxyHandler<object> = {
    get(target, name) {
      reads[String(name)] = (reads[String(name)] ?? 0) + 1;
      return Reflect.get(target, name);
    },
  };
  const counted = new Proxy(options, {
    ...Object.fromEntries(
      (['has', 'ownKeys', 'getOwnPropertyDescriptor', 'getPrototypeOf', 'set', 'defineProperty', 'deleteProperty'] as const).map((trap) => [
        trap,
        (...args: unknown[]) => {
          others.push(trap);
          return (Reflect[trap] as (...all: unknown[]) => unknown)(...args);
        },
      ]),
    ),
    ...traps,
  });
  return { options: counted, reads, others };
}

/** What a foreign signal does differently from a simple one. */
export interface Foreign {
  aborted?(): boolean;
  reason?(): unknown;
  add?(listener: () => void): void;
  remove?(listener: () => void): void;
}

/** A signal as from a polyfill or another realm. `abort()` calls its listeners. */
export function foreignSignal({ aborted, reason, add, remove }: Foreign = {}): {
  signal: AbortSignal;
  listeners: Set<() => void>;
  abort(): void;
} {
  const listeners = new Set<() => void>();
  const signal = {
    get aborted() {
      return aborted?.() ?? false;
    },
    get reason() {
      return reason?.();
    },
    addEventListener(_type: string, listener: () => void) {
      listeners.add(listener);
      add?.(listener);
    },
    removeEventListener(_type: string, listener: () => void) {
      listeners.delete(listener);
      remove?.(listener);
    },
  };
  return {
    signal: signal as unknown as AbortSignal,
    listeners,
    abort() {
      for (const listener of [...listeners]) listener();
    },
  };
}
