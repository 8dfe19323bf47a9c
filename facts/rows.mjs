// The questions to Windows, what of the product relies on each answer, and the program that asks. A row with `native` is
// asked by facts.exe (native/), one with `script` by a program in programs/.

/**
 * @typedef {object} Row
 * @property {string} id
 * @property {string} question
 * @property {string[]} relies files of this repository
 * @property {string} [native]
 * @property {string} [script]
 * @property {number} [limit] seconds after which it counts as hung
 */

const native = (id, question, ...relies) => ({ id, question, relies, native: id });
const script = (id, question, ...relies) => ({ id: `js-${id}`, question, relies, script: `${id}.js` });

/** @type {Row[]} */
export const ROWS = [
  script('support', 'Which RTWorkQ.dll does the package use?', 'lib/internal/binding.ts', 'src/rtwq/api.cc'),
  native('keys', 'What does a RTWQWORKITEM_KEY look like, and is one given again?', 'lib/work-items/schedule.ts', 'src/rtwq/work_item.cc'),
  script('keys', 'Is the key of scheduleWorkItem a bigint with its top bit set?', 'lib/work-items/work-item.ts'),
  native('cancelled-waits', 'What has a cancelled wait of RTWorkQ consumed already?', 'src/rtwq/waitable.cc', 'lib/handles/wait.ts'),
  native('cancelled-pool-waits', 'What has a cancelled wait of the thread pool consumed already?', 'src/rtwq/waitable.cc'),
  native('wait-order', 'Do waits end in the order in which they are signaled?', 'lib/handles/wait.ts', 'docs/api.md'),
  native('queue-threads', 'How many threads has a queue, queue 7 too, and which apartment?', 'lib/queues/work-queue.ts', 'src/rtwq/api.h'),
  native('private-queues', 'How many private queues are possible, up to 2,048?', 'src/rtwq/work_queue.cc'),
  native('many-waits', 'How many waits are possible at once, up to 10,000?', 'src/rtwq/waitable.cc', 'src/rtwq/multiple_wait.cc'),
  native(
    'mmcss-registration',
    'May a queue be registered with MMCSS twice, and with priority -2?',
    'src/rtwq/mmcss.cc',
    'lib/mmcss/queue-registration.ts',
  ),
  script('mmcss', 'Which MMCSS classes are there, and may a thread join one?', 'lib/mmcss/classes.ts', 'lib/mmcss/thread-and-platform.ts'),
  native('switch-to-thread', 'What does SwitchToThread cost beside a busy thread on the same processor?', 'src/node/completion_channel.cc'),
  native('clock-cost', 'What does QueryPerformanceCounter cost?', 'src/rtwq/clock.h'),
  native(
    'machine-sleep',
    'Does QueryPerformanceCounter count the time in which the machine slept?',
    'src/rtwq/clock.h',
    'src/rtwq/alarm.cc',
  ),
  native('timer-tick', 'How often does the timer tick, with and without a request?', 'src/rtwq/timer_resolution.cc', 'docs/performance.md'),
  native('late-timers', 'How late are high-resolution waitable timers of 5 ms?', 'src/rtwq/alarm.cc', 'src/rtwq/waitable.cc'),
  native('late-work-items', 'How late are work items of RtwqScheduleWorkItem of 5 ms?', 'src/rtwq/work_item.cc', 'docs/api.md'),
  native('late-timeouts', 'How late does WaitForMultipleObjects time out after 5 ms?', 'src/rtwq/alarm.cc', 'lib/handles/wait.ts'),
  script('late-timers', 'How late are timers of 5 ms in JavaScript?', 'lib/timers/promises.ts', 'lib/work-items/schedule.ts'),
  native('async-results', 'Does RTWorkQ keep released async results, and use them again?', 'src/rtwq/spare_work_items.h'),
  native('conserved-semaphore', "Does WaitForMultipleObjects keep a semaphore's count that it does not return?", 'lib/handles/wait.ts'),
  native('conserved-event', 'Does it keep the signal of an auto-reset event?', 'lib/handles/wait.ts'),
  native('conserved-timer', 'Does it keep the signal of an auto-reset timer?', 'lib/handles/wait.ts', 'src/rtwq/alarm.cc'),
  native('wait-all-twice', 'What does a wait for all say to the same object twice?', 'lib/handles/wait.ts'),
  native('abandoned-mutex', 'What happens to a mutex whose owner thread ends?', 'lib/handles/wait.ts', 'docs/api.md'),
  native('many-threads', 'Can 162 threads with 64 KB stacks be started?', 'src/rtwq/multiple_wait.cc'),
];
