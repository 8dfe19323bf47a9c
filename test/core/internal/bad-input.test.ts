// Wrong arguments fail at the call, and leave nothing behind. scheduleWorkItem(), putWorkItem() and cancelWorkItem() are in
// arguments.test.ts.

import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import {
  addPeriodicCallback,
  invokeCallback,
  listMmcssClasses,
  ProcessHandle,
  putWaitingWorkItem,
  putWorkItem,
  putWorkItems,
  registerPlatformWithMmcss,
  registerThreadWithMmcss,
  requestTimerResolution,
  Semaphore,
  scheduleWorkItem,
  setPowerThrottling,
  shutdown,
  WaitableEvent,
  WaitableTimer,
  WaitHandle,
  WorkQueue,
  waitFor,
  waitForProcessExit,
} from 'rtworkq';
import { expectOneOf, underWine } from '../../support/answers';
import { failureOf } from '../../support/errors';
import { loadHelper } from '../../support/helper';
import { classesTest } from '../../support/mmcss';

// biome-ignore lint/suspicious/noExplicitAny: wrong arguments on purpose.
type Wrong = any;
type Rtworkq = typeof import('rtworkq');
interface Expected {
  name: string;
  code: unknown;
}
type Row = [what: string, call: (wrong: Wrong) => unknown, error: Expected, message: RegExp];

const type: Expected = { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' };
const value: Expected = { name: 'TypeError', code: 'ERR_INVALID_ARG_VALUE' };
const range: Expected = { name: 'RangeError', code: 'ERR_OUT_OF_RANGE' };
const windows = (code: unknown): Expected => ({ name: 'RtwqError', code });

const helper = loadHelper();
let other: Rtworkq;
let queue: WorkQueue;
let closedQueue: WorkQueue;
let event: WaitableEvent;
let semaphore: Semaphore;
let timer: WaitableTimer;

beforeAll(async () => {
  // A second copy of lib/, with an environment of its own over the same addon.
  jest.isolateModules(() => {
    other = require('rtworkq') as Rtworkq;
  });
  closedQueue = WorkQueue.allocate('standard');
  await closedQueue.close();
  event = WaitableEvent.create();
  semaphore = Semaphore.create();
  timer = WaitableTimer.create();
});

afterAll(() => Promise.all([shutdown(), other.shutdown()]));

/** Expects the call to fail with this error, with a stack that starts at the caller, and to leave nothing behind. */
async function expectFailure(call: () => unknown, { name, code }: Expected, message: RegExp): Promise<void> {
  queue = WorkQueue.allocate('standard');
  const error = await failureOf(call);
  expect(error).toMatchObject({ code, name });
  expect(error.message).toMatch(message);
  expect(String(error.stack).split('\n')[1]).toContain('bad-input.test');
  await expect(putWorkItem()).resolves.toMatchObject({ status: 0 });
  await expect(queue.put()).resolves.toMatchObject({ status: 0 });
  await queue.close();
  await shutdown();
}

/** Wrong options of every function that has options. The functions below add those of more specific options. */
const optionsOf = (name: string, call: (options: Wrong) => unknown): Row[] => [
  [`${name}: options that are null`, () => call(null), type, /"options" argument must be of type object\. Received null/],
  [`${name}: options that are a function`, () => call(setTimeout), type, /"options" argument.*Received function setTimeout/],
  [
    `${name}: an unknown option with a long name`,
    () => call({ ['x'.repeat(2 ** 20)]: 1 }),
    value,
    /'options' has an unknown property 'x{50}\.\.\.'/,
  ],
  [`${name}: an unknown option`, () => call({ mine: 1 }), value, /'options' has an unknown property 'mine'; the valid ones are \w+/],
];
const refOf = (name: string, call: (options: Wrong) => unknown): Row[] => [
  ...optionsOf(name, call),
  [`${name}: a ref that is not a boolean`, () => call({ ref: 'no' }), type, /"options\.ref" property must be of type boolean/],
];
const signalOf = (name: string, call: (options: Wrong) => unknown): Row[] => [
  ...refOf(name, call),
  [
    `${name}: a signal that is not an AbortSignal`,
    () => call({ signal: {} }),
    type,
    /"options\.signal" property must be an instance of AbortSignal/,
  ],
];
const workOf = (name: string, call: (options: Wrong) => unknown): Row[] => [
  ...signalOf(name, call),
  [`${name}: work that is not native work`, () => call({ work: {} }), type, /"options\.work" property must be native work/],
];
const queueOf = (name: string, call: (options: Wrong) => unknown): Row[] => [
  [`${name}: a queue that is a number`, () => call({ queue: 1 }), type, /"options\.queue" property must be a WorkQueue/],
  [`${name}: a queue that is null`, () => call({ queue: null }), type, /Received null/],
  [
    `${name}: a queue of another copy of the package`,
    () => call({ queue: other.WorkQueue.standard }),
    type,
    /a WorkQueue from this thread/,
  ],
  [`${name}: a closed queue`, () => call({ queue: closedQueue }), windows('RTWQ_E_INVALID_WORKQUEUE'), /The work queue has been closed/],
];
const priorityOf = (name: string, call: (options: Wrong) => unknown): Row[] => [
  [`${name}: a priority of -2`, () => call({ priority: -2 }), range, /"options\.priority".*>= -1 and <= 1\. Received -2/],
  [`${name}: a priority of 2`, () => call({ priority: 2 }), range, /Received 2/],
  [`${name}: a priority of 1.5`, () => call({ priority: 1.5 }), range, /must be an integer/],
  [`${name}: a priority of '0'`, () => call({ priority: '0' }), type, /"options\.priority" property must be of type number/],
];
const statusOf = (name: string, call: (options: Wrong) => unknown): Row[] => [
  [`${name}: a negative status`, () => call({ status: -1 }), range, /"options\.status"/],
  [`${name}: a status beyond 32 bits`, () => call({ status: 2 ** 32 }), range, /"options\.status"/],
  [`${name}: a status that is a bigint`, () => call({ status: 5n }), type, /"options\.status" property must be of type number/],
];
const nameOf = (name: string, call: (value: Wrong) => unknown, called: string): Row[] => [
  [`${name}: a name that is a number`, () => call(5), type, new RegExp(`"${called}" (argument|property) must be of type string`)],
  [`${name}: a name that is null`, () => call(null), type, /Received null/],
  [`${name}: an empty name`, () => call(''), value, /must not be empty/],
  [`${name}: a name with NUL`, () => call('a\0b'), value, /without null bytes/],
];
const flagOf = (name: string, option: string, call: (options: Wrong) => unknown): Row[] => [
  [`${name}: ${option} that is 1`, () => call({ [option]: 1 }), type, new RegExp(`"options\\.${option}" property must be of type boolean`)],
  [`${name}: ${option} that is null`, () => call({ [option]: null }), type, /Received null/],
];
const targetOf = (name: string, call: (target: Wrong) => unknown): Row[] => [
  [`${name}: no target`, () => call(undefined), type, /"target" argument must be a WaitHandle from this thread or a handle/],
  [`${name}: a number for a HANDLE`, () => call(4), type, /Received type number/],
  [`${name}: a target of another kind`, () => call({}), type, /Received an instance of Object/],
  [`${name}: a handle of another copy of the package`, () => call(foreignEvent()), type, /a WaitHandle from this thread/],
  [`${name}: -1n`, () => call(-1n), windows('E_HANDLE'), /This process has no such handle/],
  [`${name}: a HANDLE below 64 bits`, () => call(-(2n ** 63n) - 1n), range, /"target".*Received -9223372036854775809n/],
  [`${name}: a HANDLE beyond 64 bits`, () => call(2n ** 64n), range, /Received 18446744073709551616n/],
  [`${name}: 0n`, () => call(0n), windows('E_HANDLE'), /This process has no such handle/],
  [`${name}: INVALID_HANDLE_VALUE`, () => call(INVALID_HANDLE_VALUE), windows('E_HANDLE'), /This process has no such handle/],
  [`${name}: a HANDLE that does not exist`, () => call(0x7ffffff0n), windows('E_HANDLE'), /This process has no such handle/],
  [`${name}: a closed HANDLE`, () => call(closedHandle()), windows('E_HANDLE'), /This process has no such handle/],
  [`${name}: a mutex`, withHandle(helper.createMutex, call), windows('ERROR_NOT_SUPPORTED'), /Cannot wait for a mutex/],
  [
    `${name}: an event without SYNCHRONIZE`,
    withHandle(helper.createDeafEvent, call),
    windows('E_ACCESSDENIED'),
    /SYNCHRONIZE access right/,
  ],
  // On Windows a section's handle cannot have the right to wait. Wine lets a program ask for it.
  [
    `${name}: a section`,
    withHandle(helper.createSection, call),
    windows(expect.stringMatching(/^E_(ACCESSDENIED|HANDLE)$/)),
    /cannot be waited for|SYNCHRONIZE/,
  ],
];
const classOf = (name: string, call: (usageClass: Wrong) => unknown): Row[] => [
  [`${name}: no usage class`, () => call(undefined), type, /"usageClass" argument must be of type string/],
  [`${name}: a usage class with NUL`, () => call('Audio\0'), value, /without null bytes/],
];
const groupOf = (name: string, priority: string, call: (options: Wrong) => unknown): Row[] => [
  ...optionsOf(name, call),
  [`${name}: a task id of -1`, () => call({ taskId: -1 }), range, /"options\.taskId"/],
  [`${name}: a task id beyond 32 bits`, () => call({ taskId: 2 ** 32 }), range, /"options\.taskId"/],
  [`${name}: a task id that is a bigint`, () => call({ taskId: 1n }), type, /"options\.taskId" property must be of type number/],
  [`${name}: ${priority} of -3`, () => call({ [priority]: -3 }), range, />= -2 and <= 2\. Received -3/],
  [`${name}: ${priority} of 3`, () => call({ [priority]: 3 }), range, /Received 3/],
  [`${name}: ${priority} of 0.5`, () => call({ [priority]: 0.5 }), range, /must be an integer/],
];

const INVALID_HANDLE_VALUE = process.arch === 'ia32' ? 2n ** 32n - 1n : 2n ** 64n - 1n;
const foreignEvent = (): unknown => other.WaitableEvent.create();

/** One of many handles that were closed at once. The first and the last may already belong to another thread. */
function closedHandle(): bigint {
  const events = Array.from({ length: 65 }, () => WaitableEvent.create());
  const handles = events.map(({ handle }) => handle);
  for (const each of events) each.close();
  return handles[32] as bigint;
}

/** Calls with a HANDLE that the helper makes, and closes it when the call has failed. */
const withHandle = (make: () => bigint, call: (handle: bigint) => unknown) => async () => {
  const handle = make();
  const error = await failureOf(() => call(handle));
  helper.closeHandle(handle);
  throw error;
};

// A class of this Windows, if it has any. In a Wine prefix without classes every name passes the check.
const someClass = (): string => listMmcssClasses()[0] ?? 'Audio';

describe('wrong arguments of work item functions', () => {
  const rows: Row[] = [
    ...workOf('invokeCallback', (options) => invokeCallback(options)),
    ...queueOf('invokeCallback', (options) => invokeCallback(options)),
    ...statusOf('invokeCallback', (options) => invokeCallback(options)),
    ...queueOf('putWorkItem', (options) => putWorkItem(options)),
    ...workOf('putWorkItems', (options) => putWorkItems(3, options)),
    ...queueOf('putWorkItems', (options) => putWorkItems(3, options)),
    ...priorityOf('putWorkItems', (options) => putWorkItems(3, options)),
    ...queueOf('scheduleWorkItem', (options) => scheduleWorkItem(1, options)),
    ...targetOf('putWaitingWorkItem', (target) => putWaitingWorkItem(target)),
    ...workOf('putWaitingWorkItem', (options) => putWaitingWorkItem(event, options)),
    ...queueOf('putWaitingWorkItem', (options) => putWaitingWorkItem(event, options)),
    ...priorityOf('putWaitingWorkItem', (options) => putWaitingWorkItem(event, options)),
    ...targetOf('waitFor', (target) => waitFor(target)),
    ...targetOf('waitFor, timeout 0', (target) => waitFor(target, { timeout: 0 })),
    ...signalOf('waitFor', (options) => waitFor(event, options)),
    ...signalOf('waitFor, timeout 0', (options) =>
      waitFor(event, options && typeof options === 'object' ? { timeout: 0, ...options } : options),
    ),
    ['waitFor: a queue', () => waitFor(event, { queue } as Wrong), value, /putWaitingWorkItem\(\)/],
    ['waitFor: a timeout of -Infinity', () => waitFor(event, { timeout: -Infinity }), range, /"options\.timeout"/],
    ['waitFor: a timeout of -1', () => waitFor(event, { timeout: -1 }), range, /"options\.timeout".*Received -1/],
    ['waitFor: a NaN timeout', () => waitFor(event, { timeout: Number.NaN }), range, /Received NaN/],
    ['waitFor: a timeout that is a string', () => waitFor(event, { timeout: '5' as Wrong }), type, /"options\.timeout" property/],
    ['waitFor: a timeout that is null', () => waitFor(event, { timeout: null as Wrong }), type, /Received null/],
    ...signalOf('waitForProcessExit', (options) => waitForProcessExit(process.pid, options)),
    ...[waitForProcessExit, ProcessHandle.open].flatMap((open: (pid: Wrong) => unknown): Row[] => [
      [`${open.name}: no pid`, () => open(undefined), type, /"pid" argument must be of type number/],
      [`${open.name}: a pid that is a string`, () => open('5'), type, /Received type string/],
      [`${open.name}: a negative pid`, () => open(-4), range, /"pid" is out of range/],
      [`${open.name}: a pid of 1.5`, () => open(1.5), range, /must be an integer/],
      [`${open.name}: a pid beyond 32 bits`, () => open(2 ** 32), range, /"pid" is out of range/],
    ]),
    [
      'addPeriodicCallback: no function',
      () => addPeriodicCallback(undefined as Wrong),
      type,
      /"callback" argument must be of type function/,
    ],
    ['addPeriodicCallback: a string', () => addPeriodicCallback('f' as Wrong), type, /Received type string/],
    ...refOf('addPeriodicCallback', (options) => addPeriodicCallback(() => {}, options)),
  ];
  test.each(rows)('fail at the call: %s', (_, call, error, message) => expectFailure(call as () => unknown, error, message));
});

describe('wrong arguments of handles', () => {
  const rows: Row[] = [
    ...[WaitableEvent, Semaphore, WaitableTimer].flatMap(({ name, create, open }): Row[] => [
      ...optionsOf(`${name}.create`, create),
      ...nameOf(`${name}.create`, (wrong) => create({ name: wrong }), 'options.name'),
      ...nameOf(`${name}.open`, open, 'name'),
    ]),
    ...['manualReset', 'signaled'].flatMap((option) => flagOf('WaitableEvent.create', option, WaitableEvent.create)),
    ...flagOf('WaitableTimer.create', 'manualReset', WaitableTimer.create),
    ['Semaphore.create: an initial count of -1', () => Semaphore.create({ initial: -1 }), range, /"options\.initial"/],
    [
      'Semaphore.create: an initial count above the maximum',
      () => Semaphore.create({ initial: 3, maximum: 2 }),
      range,
      /<= 2\. Received 3/,
    ],
    ['Semaphore.create: a maximum of 0', () => Semaphore.create({ maximum: 0 }), range, /"options\.maximum"/],
    ['Semaphore.create: a maximum beyond 31 bits', () => Semaphore.create({ maximum: 2 ** 31 }), range, /"options\.maximum"/],
    ['Semaphore.create: an initial count that is a string', () => Semaphore.create({ initial: '1' as Wrong }), type, /"options\.initial"/],
    ['Semaphore.release: 0', () => semaphore.release(0), range, /"count" is out of range/],
    ['Semaphore.release: 1.5', () => semaphore.release(1.5), range, /must be an integer/],
    ['Semaphore.release: beyond 31 bits', () => semaphore.release(2 ** 31), range, /"count" is out of range/],
    ['Semaphore.release: null', () => semaphore.release(null as Wrong), type, /"count" argument must be of type number/],
    [
      'WaitableTimer.set: no time',
      () => timer.set(undefined as Wrong),
      type,
      /"due" argument must be of type number or an instance of Date/,
    ],
    ['WaitableTimer.set: -1', () => timer.set(-1), range, /"due" is out of range/],
    ['WaitableTimer.set: an invalid Date', () => timer.set(new Date(Number.NaN)), range, /Received Invalid Date/],
    ['WaitableTimer.set: a Date too late for Windows', () => timer.set(new Date(8.64e15)), range, /before the year 30828/],
    ['WaitableTimer.set: an object that only inherits from Date', () => timer.set(Object.create(Date.prototype)), type, /"due" argument/],
    ['WaitableTimer.set: NaN', () => timer.set(Number.NaN), range, /Received NaN/],
    ['WaitableTimer.set: beyond 2 ** 39', () => timer.set(2 ** 39 + 1), range, /<= 2 \*\* 39/],
    ...optionsOf('WaitableTimer.set', (options) => timer.set(1, options)),
    ['WaitableTimer.set: a period of -1', () => timer.set(1, { period: -1 }), range, /"options\.period"/],
    ['WaitableTimer.set: a period of 0.4', () => timer.set(1, { period: 0.4 }), range, /"options\.period".*0, or >= 0\.5/],
    ...flagOf('WaitableTimer.set', 'resume', (options) => timer.set(1, options)),
    ['WaitableTimer.set: a period beyond 31 bits', () => timer.set(1, { period: 2 ** 31 }), range, /"options\.period"/],
    ...signalOf('WaitableEvent.signals', (options) => event.signals(options)),
  ];
  test.each(rows)('fail at the call: %s', (_, call, error, message) => expectFailure(call as () => unknown, error, message));
});

test('methods of handles throw for other objects and for handles of another copy of the package', () => {
  const foreign = other.WaitableEvent.create();
  for (const stranger of [{}, foreign]) {
    expect(() => Reflect.apply(WaitableEvent.prototype.set, stranger, [])).toThrow(TypeError);
    expect(() => Reflect.apply(WaitableEvent.prototype.close, stranger, [])).toThrow(TypeError);
    expect(() => Reflect.get(WaitHandle.prototype, 'handle', stranger)).toThrow(TypeError);
    expect(() => Reflect.get(ProcessHandle.prototype, 'exitCode', stranger)).toThrow(TypeError);
  }
  foreign.close();
});

describe('work queues', () => {
  const methods: [name: string, call: (on: WorkQueue) => unknown][] = [
    ['put', (on) => on.put()],
    ['schedule', (on) => on.schedule(1)],
    ['wait', (on) => on.wait(event)],
    ['invoke', (on) => on.invoke()],
    ['setLongRunning', (on) => on.setLongRunning(true)],
    ['lock', (on) => on.lock()],
    ['registerWithMmcss', (on) => on.registerWithMmcss(someClass())],
    ['mmcss', (on) => on.mmcss()],
    ['setDeadline', (on) => on.setDeadline({ inMilliseconds: 5 })],
    ['join', (on) => on.join(0x7ffffff0n)],
    ['allocateSerial', (on) => WorkQueue.allocateSerial(on)],
  ];
  const rows: Row[] = [
    ...methods.flatMap(([name, call]): Row[] => [
      [`${name}: a closed queue`, () => call(closedQueue), windows('RTWQ_E_INVALID_WORKQUEUE'), /The work queue has been closed/],
    ]),
    ['allocate: no type', () => WorkQueue.allocate(undefined as Wrong), type, /"type" argument must be of type string/],
    [
      'allocate: an unknown type',
      () => WorkQueue.allocate('serial' as Wrong),
      value,
      /must be one of: 'standard', 'window', 'multithreaded'/,
    ],
    ['allocate: the name of a method of Object', () => WorkQueue.allocate('toString' as Wrong), value, /must be one of/],
    ['allocateSerial: no target', () => WorkQueue.allocateSerial(undefined as Wrong), type, /"target" argument must be a WorkQueue/],
    ['allocateSerial: an id', () => WorkQueue.allocateSerial(1 as Wrong), type, /Received type number/],
    [
      'allocateSerial: a queue of another copy of the package',
      () => WorkQueue.allocateSerial(other.WorkQueue.multithreaded as Wrong),
      type,
      /from this thread/,
    ],
    ['lock: no id', () => WorkQueue.lock(undefined as Wrong), type, /"id" argument must be of type number/],
    ['lock: a negative id', () => WorkQueue.lock(-1), range, /"id" is out of range/],
    ['lock: an id beyond 32 bits', () => WorkQueue.lock(2 ** 32), range, /"id" is out of range/],
    // Microsoft does not document which error this is.
    [
      'lock: an unused id',
      () => WorkQueue.lock(0xfff00000),
      windows(underWine ? 'RTWQ_E_INVALID_WORKQUEUE' : expect.any(String)),
      /RtwqLockWorkQueue/,
    ],
    ...classOf('lockShared', (name) => WorkQueue.lockShared(name)),
    ...groupOf('lockShared', 'basePriority', (options) => WorkQueue.lockShared(someClass(), options)),
    ["lockShared: '' with a priority", () => WorkQueue.lockShared('', { basePriority: 1 }), range, /"options\.basePriority"/],
    ["lockShared: '' with a task id", () => WorkQueue.lockShared('', { taskId: 1 }), range, /"options\.taskId"/],
    ...workOf('put', (options) => queue.put(options)),
    ...priorityOf('put', (options) => queue.put(options)),
    ...workOf('schedule', (options) => queue.schedule(1, options)),
    ['schedule: no delay', () => queue.schedule(undefined as Wrong), type, /"milliseconds" argument must be of type number/],
    ['schedule: a delay of -1', () => queue.schedule(-1), range, /"milliseconds" is out of range/],
    ...workOf('invoke', (options) => queue.invoke(options)),
    ...statusOf('invoke', (options) => queue.invoke(options)),
    ...targetOf('wait', (target) => queue.wait(target)),
    ...workOf('wait', (options) => queue.wait(event, options)),
    ...priorityOf('wait', (options) => queue.wait(event, options)),
    ['setLongRunning: nothing', () => queue.setLongRunning(undefined as Wrong), type, /"enable" argument must be of type boolean/],
    ['setLongRunning: 1', () => queue.setLongRunning(1 as Wrong), type, /"enable" argument must be of type boolean/],
    ...optionsOf('close', (options) => queue.close(options)),
    ...flagOf('close', 'drain', (options) => queue.close(options)),
    ['setDeadline: no options', () => queue.setDeadline(undefined as Wrong), value, /must have either inMilliseconds or at, not both/],
    ...optionsOf('setDeadline', (options) => queue.setDeadline(options)),
    [
      'setDeadline: neither inMilliseconds nor at',
      () => queue.setDeadline({} as Wrong),
      value,
      /must have either inMilliseconds or at, not both/,
    ],
    [
      'setDeadline: both inMilliseconds and at',
      () => queue.setDeadline({ inMilliseconds: 5, at: 1e9 } as Wrong),
      value,
      /must have either inMilliseconds or at, not both/,
    ],
    ['setDeadline: inMilliseconds of 0', () => queue.setDeadline({ inMilliseconds: 0 }), range, /"options\.inMilliseconds"/],
    ['setDeadline: inMilliseconds of -1', () => queue.setDeadline({ inMilliseconds: -1 }), range, /"options\.inMilliseconds"/],
    [
      'setDeadline: inMilliseconds that is a string',
      () => queue.setDeadline({ inMilliseconds: '5' as Wrong }),
      type,
      /"options\.inMilliseconds" property/,
    ],
    ['setDeadline: inMilliseconds of NaN', () => queue.setDeadline({ inMilliseconds: Number.NaN }), range, /Received NaN/],
    ['setDeadline: at a time in the past', () => queue.setDeadline({ at: performance.now() - 1 }), range, /"options\.at"/],
    ['setDeadline: at this moment', () => queue.setDeadline({ at: performance.now() }), range, /"options\.at"/],
    ['setDeadline: at a Date', () => queue.setDeadline({ at: new Date() as Wrong }), type, /"options\.at" property/],
    [
      'setDeadline: a pre-deadline later than the deadline',
      () => queue.setDeadline({ inMilliseconds: 5, preDeadline: 6 }),
      value,
      /'options\.preDeadline' must not be later than the deadline/,
    ],
    ['setDeadline: a pre-deadline of -1', () => queue.setDeadline({ inMilliseconds: 5, preDeadline: -1 }), range, /"options\.preDeadline"/],
    ['join: no handle', () => queue.join(undefined as Wrong), type, /"handle" argument must be of type bigint/],
    ['join: an fd', () => queue.join(1 as Wrong), type, /Received type number/],
    ['join: a WaitHandle', () => queue.join(event as Wrong), type, /Received an instance of WaitableEvent/],
    ['join: a handle beyond 64 bits', () => queue.join(2n ** 64n), range, /"handle" is out of range/],
    ['join: -1n', () => queue.join(-1n), windows(expect.any(String)), /RtwqJoinWorkQueue/],
    ["join: a handle of Node's own", () => queue.join(helper.standardOutput()), value, /belongs to Node/],
  ];
  test.each(rows)('fail at the call with wrong arguments: %s', (_, call, error, message) =>
    expectFailure(call as () => unknown, error, message),
  );

  test("keep the process's own queues open after close()", async () => {
    for (const each of [WorkQueue.standard, WorkQueue.multithreaded, WorkQueue.longFunction]) {
      await each.close();
      expect(each.closed).toBe(false);
      await expect(each.put()).resolves.toMatchObject({ status: 0 });
    }
  });

  test('stay open if close() rejects its options, and the next close() closes them', async () => {
    const own = WorkQueue.allocate('standard');
    await expect(own.close({ drain: 1 as Wrong })).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' });
    expect(own.closed).toBe(false);
    await own.close();
    expect(own.closed).toBe(true);
  });

  test('have methods that throw for other objects and for queues of another copy of the package', () => {
    const names = ['put', 'schedule', 'wait', 'invoke', 'setLongRunning', 'lock', 'mmcss', 'setDeadline', 'join', 'close'] as const;
    for (const name of names) {
      expect(() => Reflect.apply(WorkQueue.prototype[name], {}, [])).toThrow(TypeError);
      expect(() => Reflect.apply(WorkQueue.prototype[name], other.WorkQueue.standard, [])).toThrow(TypeError);
    }
  });

  test('can only be created by their static methods', () => {
    const Constructor = WorkQueue as unknown as new (...args: unknown[]) => WorkQueue;
    for (const args of [[], [Symbol('key'), {}]]) {
      expect(() => new Constructor(...args)).toThrow(expect.objectContaining({ code: 'ERR_ILLEGAL_CONSTRUCTOR' }));
    }
  });
});

describe('too many work queues', () => {
  // The limit is known for Wine and the stand-in only. A 32-bit process has no room for many more threads.
  const MANY = 600;

  test('fail with an error that mentions the limit, and can be allocated again when some are closed', async () => {
    const queues: WorkQueue[] = [];
    const error = await failureOf(() => {
      while (queues.length < MANY) queues.push(WorkQueue.allocate('standard'));
      throw new Error('there may be more');
    });
    expectOneOf('private work queues that a process may have, up to 600', queues.length, expect.any(Number));
    if (queues.length < MANY) {
      expect(error).toMatchObject({ name: 'RtwqError', syscall: 'RtwqAllocateWorkQueue' });
      expectOneOf('the error of one work queue too many', error.code, expect.stringMatching(/^E_(OUTOFMEMORY|FAIL)$/), expect.any(String));
      if (/^E_(OUTOFMEMORY|FAIL)$/.test(error.code)) expect(error.message).toMatch(/only a limited number of work queues/);
      expect(String(error.stack).split('\n')[1]).toContain('bad-input.test');
      expect(queues.length).toBeGreaterThan(10);
    }
    await expect(queues.at(-1)!.put()).resolves.toMatchObject({ status: 0 });
    await Promise.all(queues.map((each) => each.close()));
    const again = WorkQueue.allocate('standard');
    await expect(again.put()).resolves.toMatchObject({ status: 0 });
    await again.close();
  });
});

describe('wrong arguments of MMCSS functions', () => {
  const rows: Row[] = [
    ...classOf('registerThreadWithMmcss', (name) => registerThreadWithMmcss(name)),
    ...groupOf('registerThreadWithMmcss', 'priority', (options) => registerThreadWithMmcss(someClass(), options)),
    ...classOf('registerPlatformWithMmcss', (name) => registerPlatformWithMmcss(name)),
    ...groupOf('registerPlatformWithMmcss', 'priority', (options) => registerPlatformWithMmcss(someClass(), options)),
    ...classOf('registerWithMmcss', (name) => queue.registerWithMmcss(name)),
    ...groupOf('registerWithMmcss', 'priority', (options) => queue.registerWithMmcss(someClass(), options)),
  ];
  test.each(rows)('fail at the call: %s', (_, call, error, message) => expectFailure(call as () => unknown, error, message));

  classesTest().each<Row>([
    [
      'lockShared',
      () => WorkQueue.lockShared('No Such Class'),
      windows('ERROR_INVALID_TASK_NAME'),
      /There is no MMCSS class "No Such Class"/,
    ],
    [
      'registerThreadWithMmcss',
      () => registerThreadWithMmcss('No Such Class'),
      windows('ERROR_INVALID_TASK_NAME'),
      /This Windows has: .*Audio/,
    ],
    ['registerWithMmcss', () => queue.registerWithMmcss('No Such Class'), windows('ERROR_INVALID_TASK_NAME'), /This Windows has: .*Audio/],
    ['registerPlatformWithMmcss', () => registerPlatformWithMmcss('No Such Class'), windows('ERROR_INVALID_TASK_NAME'), /This Windows has/],
  ])('fail at the call: an unknown class in %s', (_, call, error, message) => expectFailure(call as () => unknown, error, message));
});

describe('wrong arguments of process settings', () => {
  const choiceOf = (option: string): Row[] => [
    [
      `${option}: 1`,
      () => setPowerThrottling({ [option]: 1 }),
      type,
      new RegExp(`"options\\.${option}" property must be of type boolean or`),
    ],
    [`${option}: null`, () => setPowerThrottling({ [option]: null }), type, /Received null/],
    [
      `${option}: another word`,
      () => setPowerThrottling({ [option]: 'never' }),
      value,
      /must be true, false or 'system'\. Received 'never'/,
    ],
  ];
  const rows: Row[] = [
    ['a missing resolution', () => requestTimerResolution(undefined as Wrong), type, /"milliseconds" argument must be of type number/],
    ['a resolution that is a string', () => requestTimerResolution('1' as Wrong), type, /Received type string/],
    ['a resolution of 0', () => requestTimerResolution(0), range, /"milliseconds".*>= 1 and <= \d+\. Received 0/],
    ['a resolution of 0.5', () => requestTimerResolution(0.5), range, /must be an integer/],
    ['a NaN resolution', () => requestTimerResolution(Number.NaN), range, /Received NaN/],
    ['a resolution beyond 32 bits', () => requestTimerResolution(2 ** 32 + 1), range, /Received 4294967297/],
    ...optionsOf('setPowerThrottling', (options) => setPowerThrottling(options)),
    ...choiceOf('timerResolution'),
    ...choiceOf('executionSpeed'),
  ];
  test.each(rows)('fail at the call: %s', (_, call, error, message) => expectFailure(call as () => unknown, error, message));
});
