// The functions of RTWorkQ.dll that rtworkq calls.

/** On every Windows that has the DLL. */
export const BASIC = [
  'RtwqStartup',
  'RtwqShutdown',
  'RtwqLockPlatform',
  'RtwqUnlockPlatform',
  'RtwqRegisterPlatformEvents',
  'RtwqUnregisterPlatformEvents',
  'RtwqCreateAsyncResult',
  'RtwqInvokeCallback',
  'RtwqPutWorkItem',
  'RtwqPutWaitingWorkItem',
  'RtwqScheduleWorkItem',
  'RtwqCancelWorkItem',
  'RtwqAddPeriodicCallback',
  'RtwqRemovePeriodicCallback',
  'RtwqAllocateWorkQueue',
  'RtwqAllocateSerialWorkQueue',
  'RtwqLockSharedWorkQueue',
  'RtwqLockWorkQueue',
  'RtwqUnlockWorkQueue',
  'RtwqSetLongRunning',
  'RtwqJoinWorkQueue',
  'RtwqUnjoinWorkQueue',
  'RtwqBeginRegisterWorkQueueWithMMCSS',
  'RtwqEndRegisterWorkQueueWithMMCSS',
  'RtwqBeginUnregisterWorkQueueWithMMCSS',
  'RtwqEndUnregisterWorkQueueWithMMCSS',
  'RtwqGetWorkQueueMMCSSClass',
  'RtwqGetWorkQueueMMCSSTaskId',
  'RtwqGetWorkQueueMMCSSPriority',
  'RtwqRegisterPlatformWithMMCSS',
  'RtwqUnregisterPlatformFromMMCSS',
];

/** Since Windows 10. */
export const DEADLINES = ['RtwqSetDeadline', 'RtwqSetDeadline2', 'RtwqCancelDeadline'];
