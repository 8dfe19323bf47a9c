// Unique names for kernel objects.

let count = 0;

export const uniqueName = (): string => `Local\\rtworkq-test-${process.pid}-${performance.timeOrigin}-${count++}`;
