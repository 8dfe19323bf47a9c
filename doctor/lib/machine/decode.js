// Decodes the buffers that Windows functions fill in.

/** The null-terminated UTF-16 text at the start of a buffer. */
export const textOf = (buffer, bytes) => buffer.toString('utf16le', 0, bytes).replace(/\0.*$/s, '');

/** A GUID as text. Its first three parts are little-endian numbers. */
export function guidOf(bytes) {
  const hex = (from, to) => bytes.toString('hex', from, to);
  const number = (from, to) => Buffer.from(bytes.subarray(from, to)).reverse().toString('hex');
  return [number(0, 4), number(4, 6), number(6, 8), hex(8, 10), hex(10, 16)].join('-');
}

/** SYSTEM_POWER_STATUS. */
export function powerOf([line, battery, percent, saver]) {
  return {
    source: line === 0 ? 'battery' : line === 1 ? 'mains' : 'unknown',
    // 128: no battery; 255: unknown.
    battery: battery < 128,
    percent: percent <= 100 ? percent : undefined,
    saver: saver === 1,
  };
}

const EXECUTION_SPEED = 1;
const IGNORE_TIMER_RESOLUTION = 4;

/**
 * PROCESS_POWER_THROTTLING_STATE as setPowerThrottling()'s options.
 * @returns {Record<'executionSpeed' | 'timerResolution', boolean | 'system'>}
 */
export function throttlingOf(state) {
  const [control, on] = [state.readUInt32LE(4), state.readUInt32LE(8)];
  const of = (bit) => (control & bit ? Boolean(on & bit) : 'system');
  return { executionSpeed: of(EXECUTION_SPEED), timerResolution: of(IGNORE_TIMER_RESOLUTION) };
}

/** A value from NtQueryTimerResolution, in milliseconds. */
export const tickOf = (buffer) => buffer.readUInt32LE() / 10_000;
