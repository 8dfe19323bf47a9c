// Time, and what it costs: the same figures as bench/native/baseline/clock.h has.

const { performance } = require('node:perf_hooks');

const sum = ({ user, system }) => user + system;
const processMicroseconds = () => sum(process.cpuUsage());
// Node 24 has it.
const threadMicroseconds = process.threadCpuUsage && (() => sum(process.threadCpuUsage()));

/** Measures from now on; what it returns says what each of `count` took, in nanoseconds. */
function startMeter() {
  const thread = threadMicroseconds?.();
  const whole = processMicroseconds();
  const start = performance.now();
  return (count) => {
    const milliseconds = performance.now() - start;
    return {
      ns: (milliseconds * 1e6) / count,
      ...(threadMicroseconds && { cpuNs: ((threadMicroseconds() - thread) * 1e3) / count }),
      processCpuNs: ((processMicroseconds() - whole) * 1e3) / count,
    };
  };
}

module.exports = { startMeter, processMicroseconds };
