// The outcome that test/fixtures/fallback.ts prints on every system.

export const FALLBACK = {
  status: 0,
  others: {},
  onTime: true,
  aborted: 'AbortError ABORT_ERR on purpose',
  abortedBefore: 'AbortError ABORT_ERR on purpose',
  noSignal: 'TypeError ERR_INVALID_ARG_TYPE',
  noRef: 'TypeError ERR_INVALID_ARG_TYPE',
};
