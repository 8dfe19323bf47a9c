// Unique names for kernel objects.

// Each test file has this module to itself, but all files may share a process.
const loadedAt = performance.timeOrigin + performance.now();
let count = 0;

export const uniqueName = (): string => `Local\\rtworkq-test-${process.pid}-${loadedAt}-${count++}`;
