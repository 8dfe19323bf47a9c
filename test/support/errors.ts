// What a call throws or rejects with, for tests that check it closely.

import { expect } from '@jest/globals';

/** The error that a call throws, or its promise rejects with. */
export async function failureOf(call: () => unknown): Promise<Error & { code: string; syscall?: string }> {
  try {
    await call();
  } catch (error) {
    return error as Error & { code: string };
  }
  throw new Error('nothing was thrown');
}

/** The AbortError of an operation that ended because something it needs was closed. */
export const endedBy = (code: string, syscall: string): unknown =>
  expect.objectContaining({
    name: 'AbortError',
    code: 'ABORT_ERR',
    message: expect.stringMatching(/^The operation was aborted: .*closed by \w+\(\)$/),
    cause: expect.objectContaining({ name: 'RtwqError', code, syscall, message: expect.stringContaining('ended the operation with') }),
  });

/** Expects that all reject. Listens to all of them first: each may reject in a turn of its own, and none may be unhandled meanwhile. */
export async function expectRejections(promises: readonly PromiseLike<unknown>[], error: unknown): Promise<void> {
  await Promise.all(promises.map((promise) => expect(promise).rejects.toEqual(error)));
}
