// The questions, the files of the product that rely on the answers, and the programs that find them: facts.exe (native/) for
// rows with `native`, a program in programs/ for rows with `script`.

/**
 * @typedef {object} Row
 * @property {string} id
 * @property {string} question
 * @property {string[]} relies files in this repository that rely on the answer
 * @property {string} [native]
 * @property {string} [script]
 * @property {number} [limit] seconds before it counts as hung
 */

const native = (id, question, ...relies) => ({ id, question, relies, native: id });
const script = (id, question, ...relies) => ({ id: `js-${id}`, question, relies, script: `${id}.js` });

/** @type {Row[]} */
export const ROWS = [
  script('support', 'Which RTWorkQ.dll does the package use?', 'lib/internal/binding.ts', 'src/rtwq/api.cc'),
  native('keys', 'What do RTWQWORKITEM_KEYs look like, and are they reused?', 'lib/work-items/schedule.ts', 'src/rtwq/work_item.cc'),
  script('keys', 'Is the key of scheduleWorkItem a bigint with its top bit set?', 'lib/work-items/work-item.ts'),
  native('cancelled-waits', 'Can a cancelled RTWorkQ wait lose a signal?', 'src/rtwq/work_item.cc', 'docs/api.md'),
  native('cancelled-pool-waits', 'Can a cancelled thread pool wait lose a signal?', 'docs/api.md'),
  native('wait-order', 'Do waits complete in the order in which they are signaled?', 'src/waiter/thread.cc', 'docs/api.md'),
  native(
    'queue-threads',
    'How many threads does a queue use, queue 7 included, and in which apartment?',
    'lib/queues/work-queue.ts',
    'src/rtwq/api.h',
  ),
  native('private-queues', 'How many private queues can there be, up to 2,048?', 'src/rtwq/work_queue.cc'),
  native('many-waits', 'How many waits can be pending at once, up to 10,000?', 'src/rtwq/work_item.cc'),
  native(
    'mmcss-registration',
    'Can a queue be registered with MMCSS twice, or with priority -2?',
    'src/rtwq/mmcss.cc',
    'lib/mmcss/queue-registration.ts',
  ),
  script('mmcss', 'Which MMCSS classes exist, and can a thread join one?', 'lib/mmcss/classes.ts', 'lib/mmcss/thread-and-platform.ts'),
  script('mmcss-timers', 'How late are timers on a busy machine, with and without MMCSS?', 'src/rtwq/timers_task.cc', 'docs/api.md'),
  native(
    'switch-to-thread',
    'What does SwitchToThread cost next to a busy thread on the same processor?',
    'src/node/completion_channel.cc',
  ),
  native('clock-cost', 'What does QueryPerformanceCounter cost?', 'src/base/clock.h'),
  native('machine-sleep', 'Does QueryPerformanceCounter include time the machine was asleep?', 'src/base/clock.h', 'src/waiter/resume.cc'),
  native(
    'timer-tick',
    'How often does the system timer tick, with and without timeBeginPeriod?',
    'src/rtwq/timer_resolution.cc',
    'docs/performance.md',
  ),
  native('late-timers', 'How late are 5 ms high-resolution waitable timers?', 'src/waiter/alarm.cc', 'src/handles/waitable.cc'),
  native(
    'late-work-items',
    'How late are work items scheduled for 5 ms with RtwqScheduleWorkItem?',
    'src/rtwq/work_item.cc',
    'docs/api.md',
  ),
  native('late-timeouts', 'How late is a 5 ms timeout of WaitForMultipleObjects?', 'src/waiter/thread.cc'),
  script('late-timers', 'How late are 5 ms timers in JavaScript?', 'lib/timers/promises.ts', 'lib/work-items/schedule.ts'),
  native('async-results', 'Does RTWorkQ cache released async results and reuse them?', 'src/rtwq/spare_work_items.h'),
  native('conserved-semaphore', 'Does a semaphore keep a signal that WaitForMultipleObjects does not return?', 'src/waiter/thread.cc'),
  native('conserved-event', 'Does an auto-reset event keep a signal that WaitForMultipleObjects does not return?', 'src/waiter/thread.cc'),
  native(
    'conserved-timer',
    'Does an auto-reset timer keep a signal that WaitForMultipleObjects does not return?',
    'src/waiter/thread.cc',
    'src/waiter/alarm.cc',
  ),
  native('wait-all-twice', 'What happens if a wait for all objects gets the same object twice?', 'src/waiter/wait.cc'),
  native('abandoned-mutex', 'What happens to a mutex when the thread that owns it ends?', 'src/waiter/mutex.cc', 'docs/api.md'),
  native(
    'rights',
    'Which rights does a handle need, and are they enforced?',
    'src/handles/waitable.cc',
    'src/waiter/mutex.cc',
    'docs/api.md',
  ),
  native('many-threads', 'Can 162 threads with 64 KB stacks be started?', 'src/waiter/thread.cc'),
];
