// The HRESULTs that the package has names for, and hints for some of them.

export type KnownCode =
  | 'E_NOTIMPL'
  | 'E_NOINTERFACE'
  | 'E_POINTER'
  | 'E_ABORT'
  | 'E_FAIL'
  | 'E_UNEXPECTED'
  | 'E_ACCESSDENIED'
  | 'E_HANDLE'
  | 'E_OUTOFMEMORY'
  | 'E_INVALIDARG'
  | 'ERROR_FILE_NOT_FOUND'
  | 'ERROR_PATH_NOT_FOUND'
  | 'ERROR_NOT_SUPPORTED'
  | 'ERROR_INVALID_NAME'
  | 'ERROR_BUSY'
  | 'ERROR_MOD_NOT_FOUND'
  | 'ERROR_PROC_NOT_FOUND'
  | 'ERROR_TOO_MANY_POSTS'
  | 'ERROR_SERVICE_DISABLED'
  | 'ERROR_SERVICE_NOT_ACTIVE'
  | 'ERROR_INVALID_TASK_NAME'
  | 'ERROR_INVALID_TASK_INDEX'
  | 'ERROR_THREAD_ALREADY_IN_TASK'
  | 'RTWQ_E_BUFFERTOOSMALL'
  | 'RTWQ_E_NOT_INITIALIZED'
  | 'RTWQ_E_UNEXPECTED'
  | 'RTWQ_E_NOT_FOUND'
  | 'RTWQ_E_OPERATION_CANCELLED'
  | 'RTWQ_E_INVALID_WORKQUEUE'
  | 'RTWQ_E_SHUTDOWN';

/** The name of an HRESULT: one that this package knows, or `'HRESULT_0x…'`. */
export type RtwqErrorCode = KnownCode | (string & {});

// HRESULTs by name. The text is used if the system has none.
export const HRESULTS: Readonly<Record<KnownCode, readonly [hresult: number, text?: string]>> = {
  E_NOTIMPL: [0x80004001],
  E_NOINTERFACE: [0x80004002],
  E_POINTER: [0x80004003],
  E_ABORT: [0x80004004],
  E_FAIL: [0x80004005],
  E_UNEXPECTED: [0x8000ffff],
  E_ACCESSDENIED: [0x80070005],
  E_HANDLE: [0x80070006],
  E_OUTOFMEMORY: [0x8007000e],
  E_INVALIDARG: [0x80070057],
  ERROR_FILE_NOT_FOUND: [0x80070002],
  ERROR_PATH_NOT_FOUND: [0x80070003],
  ERROR_NOT_SUPPORTED: [0x80070032],
  ERROR_INVALID_NAME: [0x8007007b],
  ERROR_BUSY: [0x800700aa],
  ERROR_MOD_NOT_FOUND: [0x8007007e],
  ERROR_PROC_NOT_FOUND: [0x8007007f],
  ERROR_TOO_MANY_POSTS: [0x8007012a],
  ERROR_SERVICE_DISABLED: [0x80070422],
  ERROR_SERVICE_NOT_ACTIVE: [0x80070426],
  ERROR_INVALID_TASK_NAME: [0x8007060e],
  ERROR_INVALID_TASK_INDEX: [0x8007060f],
  ERROR_THREAD_ALREADY_IN_TASK: [0x80070610],
  RTWQ_E_BUFFERTOOSMALL: [0xc00d36b1, 'The buffer is too small.'],
  RTWQ_E_NOT_INITIALIZED: [0xc00d36b6, 'The object is not initialized.'],
  RTWQ_E_UNEXPECTED: [0xc00d36bb, 'An unexpected error occurred.'],
  RTWQ_E_NOT_FOUND: [0xc00d36d5, 'The requested item was not found.'],
  RTWQ_E_OPERATION_CANCELLED: [0xc00d36ed, 'The operation was cancelled.'],
  RTWQ_E_INVALID_WORKQUEUE: [0xc00d36ff, 'There is no such work queue.'],
  RTWQ_E_SHUTDOWN: [0xc00d3e85, 'The platform has been shut down.'],
};

export const byNumber = new Map(Object.entries(HRESULTS).map(([code, [hresult, text]]) => [hresult, { code, text }]));

// Hints that the system's text lacks, by function and code.
const TOO_MANY_QUEUES = 'A process can have only a limited number of work queues. Close the queues that you no longer need.';
const NO_MMCSS = 'The Multimedia Class Scheduler service (MMCSS) is not running. Everything else works without it.';
const HINTS: readonly (readonly [syscall: RegExp, code: RegExp, hint: string])[] = [
  [/./, /^E_NOTIMPL$/, 'This RTWorkQ.dll does not support it: Windows is too old, or this is Wine.'],
  [/^RtwqAllocate/, /^E_(OUTOFMEMORY|FAIL)$/, TOO_MANY_QUEUES],
  [/^(RtwqPutWaiting|WaitFor)/, /^E_HANDLE$/, 'This process has no such handle, or the handle is of a kind that cannot be waited for.'],
  [
    /^(RtwqPutWaiting|WaitFor)/,
    /^E_ACCESSDENIED$/,
    'The handle lacks the SYNCHRONIZE access right, which a wait requires. Some kinds of objects, such as sections, do not have it.',
  ],
  [
    /^(RtwqPutWaiting|WaitFor)/,
    /^ERROR_NOT_SUPPORTED$/,
    'Cannot wait for a mutex: the thread that waits would own it. To acquire it, use Mutex and its method acquire().',
  ],
  [/^WaitForMultipleObjects$/, /^E_INVALIDARG$/, 'A wait for all of up to 64 handles cannot have the same object twice.'],
  [/^OpenProcess$/, /^E_INVALIDARG$/, 'There is no process with this id.'],
  [/^OpenProcess$/, /^E_ACCESSDENIED$/, 'This user is not allowed to open the process.'],
  [/^Open(Event|Semaphore|WaitableTimer|Mutex)W$/, /^ERROR_FILE_NOT_FOUND$/, 'There is no object with this name.'],
  [
    /^(Create|Open)(Event|Semaphore|WaitableTimer|Mutex)/,
    /^ERROR_PATH_NOT_FOUND$/,
    'After Local\\ or Global\\, a name cannot have a backslash.',
  ],
  [/^(Create|Open)(Event|Semaphore|WaitableTimer|Mutex)/, /^E_HANDLE$/, 'An object of another kind already has this name.'],
  [/^SetWaitableTimer$/, /^E_INVALIDARG$/, 'A high-resolution timer may not support this: create the timer with highResolution: false.'],
  [/MMCSS|LockShared|^AvSet/, /^ERROR_SERVICE_/, NO_MMCSS],
  [/^AvSet/, /^ERROR_BUSY$/, 'The process has registered its timers with another class, priority or task group.'],
  [/^AvSet/, /^ERROR_MOD_NOT_FOUND$/, 'This Windows has no avrt.dll. Install the Media Feature Pack to get it.'],
  [/^time/, /^ERROR_(MOD|PROC)_NOT_FOUND$/, 'This Windows has no winmm.dll, or its winmm.dll lacks the function.'],
  [/^SetProcessInformation$/, /./, 'timerResolution requires Windows 11; executionSpeed requires Windows 10, version 1709.'],
];

/** Returns the hint for a failed function, with a space before it; '' if there is none. */
export function hintFor(syscall: string, code: string): string {
  const found = HINTS.find(([syscalls, codes]) => syscalls.test(syscall) && codes.test(code));
  return found ? ` ${found[2]}` : '';
}
