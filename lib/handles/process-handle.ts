// Processes, for waiting for their end.

import { currentEnvironment } from '../internal/environment';
import { type Caller, getterOf } from '../internal/errors';
import { showAs } from '../internal/inspection';
import { validateUnsigned } from '../internal/validation';
import { callHandle, KEY, type Opened, openHandle, WaitHandle } from './wait-handle';

/**
 * A process. It is signaled when the process has ended.
 *
 * @example
 * ```ts
 * using parent = ProcessHandle.open(process.ppid);
 * await waitFor(parent);
 * console.log(parent.exitCode);
 * ```
 */
export class ProcessHandle extends WaitHandle {
  readonly pid: number;

  private constructor(key: symbol, opened: Opened, pid: number) {
    super(key, opened);
    this.pid = pid;
  }

  static {
    showAs(ProcessHandle, 'ProcessHandle', ({ pid, closed }) => ({ pid, closed }));
  }

  /**
   * Opens a process for waiting and for its exit code (`OpenProcess`). A process that has ended can be opened for as long
   * as somebody has a handle of it, as Node has until a child's `'exit'` event.
   *
   * @param pid its id. Windows gives the ids of ended processes to new ones.
   * @throws TypeError `ERR_INVALID_ARG_TYPE` or RangeError `ERR_OUT_OF_RANGE` for what is no id.
   * @throws {@link RtwqError} `E_INVALIDARG` when there is no such process; `E_ACCESSDENIED` when it may not be opened.
   */
  static open(pid: number): ProcessHandle {
    return ProcessHandle.openFor(pid, ProcessHandle.open);
  }

  /** @internal */
  static openFor(pid: number, caller: Caller): ProcessHandle {
    currentEnvironment(caller);
    validateUnsigned(pid, 'pid', caller);
    const opened = openHandle(caller, (native) => native.openProcess(pid));
    return new ProcessHandle(KEY, opened, pid);
  }

  /**
   * The exit code, as an unsigned 32-bit number; undefined while the process runs (`GetExitCodeProcess`).
   *
   * @throws {@link RtwqError} when Windows refuses; `E_HANDLE` for a closed handle.
   */
  get exitCode(): number | undefined {
    const out = callHandle(this, 'GetExitCodeProcess', getterOf(ProcessHandle, 'exitCode'), (native, index) => native.exitCode(index));
    return out[0] === 1 ? out[1] : undefined;
  }
}
