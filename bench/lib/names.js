// The names of the subjects in tables and charts.

exports.NAMES = {
  cpp: 'C++',
  'cpp-reuse': 'C++, reusing its async results',
  'cpp-timed': 'C++, each callback reads the clock',
  'cpp-timer': 'C++: waitable timer',
  'cpp-wait': 'C++: RtwqPutWaitingWorkItem',
  'cpp-delay': 'C++: NtDelayExecution',
  naive: 'naive addon',
  'ping-pong': 'minimal addon',
  'ping-pong-await': 'minimal addon, a promise per item',
  rtworkq: 'rtworkq: work items',
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
exports.isOurs = (subject) => /^(rtworkq|waitable-timer|import-rtworkq)/.test(subject);
