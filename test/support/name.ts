// Names of kernel objects that nobody else has.

let count = 0;

export const uniqueName = (): string => `Local\\rtworkq-test-${process.pid}-${performance.timeOrigin}-${count++}`;
