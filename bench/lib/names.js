// The subjects by the names that tables and charts give them.

exports.NAMES = {
  cpp: 'C++',
  'cpp-reuse': 'C++, results used again',
  'cpp-timed': 'C++, each callback reads the clock',
  'cpp-timer': 'C++: waitable timer',
  'cpp-wait': 'C++: RtwqPutWaitingWorkItem',
  'cpp-delay': 'C++: NtDelayExecution',
  naive: 'naive addon',
  'ping-pong': 'bare ping-pong',
  'ping-pong-await': 'bare ping-pong, a promise each',
  rtworkq: 'rtworkq: work items',
  'waitable-timer': 'rtworkq: WaitableTimer',
  'rtworkq-timers': 'rtworkq/timers',
  'rtworkq-promises': 'rtworkq/timers/promises',
  node: "Node's timers",
  'node-promises': 'node:timers/promises',
  nanotimer: 'nanotimer',
  'accurate-interval': 'accurate-interval',
  'set-interval-async': 'set-interval-async',
  'import-empty': 'an addon that does nothing',
  'import-rtworkq': 'rtworkq',
};
