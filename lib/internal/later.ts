// The next tick, for what must not run where it comes up: code of the user's, and what was thrown in a batch. Node's own, because
// programs put another in its place, as fake timers do.

export const later: typeof process.nextTick = process.nextTick.bind(process);
