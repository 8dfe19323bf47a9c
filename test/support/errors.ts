// What a call throws, for tests that look at it closely.

/** The error that a call throws, or its promise rejects with. */
export async function failureOf(call: () => unknown): Promise<Error & { code: string; syscall?: string }> {
  try {
    await call();
  } catch (error) {
    return error as Error & { code: string };
  }
  throw new Error('nothing was thrown');
}
