// Measures wall time and CPU time: the same figures as bench/native/baseline/clock.h.

const { performance } = require('node:perf_hooks');

const sum = ({ user, system }) => user + system;
const processMicroseconds = () => sum(process.cpuUsage());
// Since Node 24.
const threadMicroseconds = process.threadCpuUsage && (() => sum(process.threadCpuUsage()));

/** Starts to measure. The function that it returns gives the cost of each of `count` items in nanoseconds. */
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
