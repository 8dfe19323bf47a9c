// The next tick, for what must not run right away: user code, and exceptions from a batch. Node's own, captured at load: programs
// replace it, as fake timers do.

export const later: typeof process.nextTick = process.nextTick.bind(process);
