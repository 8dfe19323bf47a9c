import { describe, expect, test } from '@jest/globals';
import { cancelWorkItem, putWorkItem, scheduleWorkItem } from 'rtworkq';

// biome-ignore lint/suspicious/noExplicitAny: wrong arguments on purpose.
type Wrong = any;

const invalidType = { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' };
const outOfRange = { name: 'RangeError', code: 'ERR_OUT_OF_RANGE' };

const delay = (value: Wrong) => () => scheduleWorkItem(value);
const scheduled = (options: Wrong) => () => scheduleWorkItem(1, options);
const put = (options: Wrong) => () => putWorkItem(options);
const cancelled = (key: Wrong) => () => cancelWorkItem(key);

const table: [what: string, call: () => unknown, error: { code: string; name: string }, message: RegExp][] = [
  ['a missing delay', delay(undefined), invalidType, /"milliseconds" argument must be of type number\. Received undefined/],
  ['a null delay', delay(null), invalidType, /Received null/],
  ['a string delay', delay('5'), invalidType, /Received type string \('5'\)/],
  ['a bigint delay', delay(5n), invalidType, /Received type bigint \(5n\)/],
  ['an object delay', delay({}), invalidType, /Received an instance of Object/],
  ['a function delay', delay(setTimeout), invalidType, /Received function setTimeout/],
  ['a NaN delay', delay(Number.NaN), outOfRange, /"milliseconds" is out of range.*Received NaN/],
  ['an infinite delay', delay(Number.POSITIVE_INFINITY), outOfRange, /Received Infinity/],
  ['a negative infinite delay', delay(Number.NEGATIVE_INFINITY), outOfRange, /Received -Infinity/],
  ['a negative delay', delay(-1), outOfRange, />= 0 and <= 2 \*\* 53\. Received -1/],
  ['a slightly negative delay', delay(-Number.MIN_VALUE), outOfRange, /Received -5e-324/],
  ['a delay beyond 2 ** 53', delay(2 ** 53 + 2), outOfRange, /Received 9007199254740994/],
  ['options that are null', scheduled(null), invalidType, /"options" argument must be of type object\. Received null/],
  ['options that are a number', scheduled(5), invalidType, /Received type number \(5\)/],
  [
    'a signal that is not an AbortSignal',
    scheduled({ signal: {} }),
    invalidType,
    /"options\.signal" property must be an instance of AbortSignal/,
  ],
  ['a signal that is null', scheduled({ signal: null }), invalidType, /Received null/],
  ['a controller for a signal', scheduled({ signal: new AbortController() }), invalidType, /an instance of AbortController/],
  ['a ref that is not a boolean', scheduled({ ref: 1 }), invalidType, /"options\.ref" property must be of type boolean/],
  ['put: options that are a string', put('x'), invalidType, /"options" argument/],
  ['put: a signal that is not an AbortSignal', put({ signal: 'x' }), invalidType, /"options\.signal" property/],
  ['put: a ref that is not a boolean', put({ ref: 'yes' }), invalidType, /"options\.ref" property/],
  ['put: a priority that is a string', put({ priority: '1' }), invalidType, /"options\.priority" property must be of type number/],
  ['put: a fractional priority', put({ priority: 0.5 }), outOfRange, /must be an integer/],
  ['put: a NaN priority', put({ priority: Number.NaN }), outOfRange, /must be an integer/],
  ['put: a priority too high', put({ priority: 2 }), outOfRange, />= -1 and <= 1\. Received 2/],
  ['put: a priority too low', put({ priority: -2 }), outOfRange, /Received -2/],
  ['a missing key', cancelled(undefined), invalidType, /"key" argument must be of type bigint/],
  ['a number for a key', cancelled(5), invalidType, /Received type number \(5\)/],
  ['a negative key', cancelled(-1n), outOfRange, />= 0n and < 2n \*\* 64n\. Received -1n/],
  ['a key beyond 64 bits', cancelled(2n ** 64n), outOfRange, /Received 18446744073709551616n/],
];

describe('a wrong argument throws at the call', () => {
  test.each(table)('%s', (_, call, { name, code }, message) => {
    let error: Wrong;
    try {
      call();
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ name, code });
    expect(error).toBeInstanceOf(name === 'TypeError' ? TypeError : RangeError);
    expect(error.message).toMatch(message);
    const [header, first] = String(error.stack).split('\n');
    expect(header).toContain(`${name} [${code}]: `);
    expect(first).toContain('arguments.test');
  });
});

describe('allowed arguments', () => {
  test.each([
    ['undefined options', undefined],
    ['empty options', {}],
    ['undefined in options', { signal: undefined, ref: undefined }],
    ['options without a prototype', Object.create(null)],
    ['options with symbols', { [Symbol('mine')]: 1 }],
    ['inherited options with other names', Object.create({ mine: 1 })],
  ])('are accepted: %s', async (_, options) => {
    await expect(scheduleWorkItem(0, options as Wrong)).resolves.toMatchObject({ status: 0 });
    await expect(putWorkItem(options as Wrong)).resolves.toMatchObject({ status: 0 });
  });

  test.each([0, -0, 0.25, Number.MIN_VALUE])('are accepted: a delay of %p', async (milliseconds) => {
    await expect(scheduleWorkItem(milliseconds)).resolves.toMatchObject({ status: 0 });
  });
});
