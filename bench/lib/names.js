// The names of the subjects in tables and charts.

exports.NAMES = {
  cpp: 'C++',
  'cpp-reuse': 'C++, reusing its async results',
  'cpp-timed': 'C++, each callback reads the clock',
  'cpp-timer': 'C++: waitable timer',
  'cpp-delay': 'C++: NtDelayExecution',
  'own-thread': 'addon: thread + ThreadSafeFunction',
  naive: 'naive addon',
  'ping-pong': 'minimal addon',
  'ping-pong-await': 'minimal addon, promises',
  rtworkq: 'rtworkq: work items',
  'rtworkq-waits': 'rtworkq: waitFor',
  'waitable-timer': 'rtworkq: WaitableTimer',
  'rtworkq-timers': 'rtworkq/timers',
  'rtworkq-promises': 'rtworkq/timers/promises',
  node: 'node:timers',
  'node-promises': 'node:timers/promises',
  nanotimer: 'nanotimer',
  'accurate-interval': 'accurate-interval',
  'set-interval-async': 'set-interval-async',
  'import-empty': 'empty addon',
  'import-rtworkq': 'rtworkq',
};

/** Whether the subject is this package: the charts colour it. */
const isOurs = (subject) => /^(rtworkq|waitable-timer|import-rtworkq)/.test(subject);
exports.isOurs = isOurs;

const rank = (subject) => (isOurs(subject) ? 0 : subject.startsWith('cpp') ? 2 : 1);

/** Sorted for readers: the package first, C++ last. */
exports.inOrder = (subjects) => subjects.toSorted((one, other) => rank(one) - rank(other));
