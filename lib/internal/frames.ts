// Stacks that start at the user's code.

/** A function; a stack starts at its caller. */
// biome-ignore lint/complexity/noBannedTypes: it is never called, only found on the stack.
export type Caller = Function;

// Captured at load: programs may replace it.
const { captureStackTrace } = Error;

// Bun removes all frames if it does not find the caller: one that was left by a tail call, or one deeper than the limit. It also
// removes frames below the caller. So there, a stack starts in the package.
const findsCallers = !('bun' in process.versions);

/** Gives an object a stack that starts at `caller`'s caller, if the runtime can do that. It is formatted when it is first read. */
export function captureFrames(holder: object, caller: Caller): void {
  if (findsCallers) captureStackTrace(holder, caller);
  else captureStackTrace(holder);
}
