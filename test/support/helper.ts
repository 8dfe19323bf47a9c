// The native helper of test/native, from wherever it was built.

import { join } from 'node:path';

export interface TestHelper {
  blockStandardQueue(milliseconds: number): void;
  handleCount(): number;
  doubleFree(): void;
  crash(): never;
}

/** Its file: the runner of the tests names it. */
export const helperFile = process.env['RTWORKQ_TEST_HELPER'] ?? join(__dirname, '../../../test/native/build/Release/test_helper.node');

export const loadHelper = (): TestHelper => require(helperFile) as TestHelper;
