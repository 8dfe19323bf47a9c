// Handles of processes, to wait until they end.

import { currentEnvironment } from '../internal/environment';
import { type Caller, getterOf } from '../internal/errors';
import { showAs } from '../internal/inspection';
import type { Index, NativeEnvironment } from '../internal/native';
import { owner } from '../internal/self';
import { validateUnsigned } from '../internal/validation';
import { callHandle, KEY, type Opened, openHandle } from './handle';
import { WaitHandle } from './wait-handle';

/**
 * A process. Its handle becomes signaled when the process ends.
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
  // Users can change `pid`.
  readonly #pid: number;

  private constructor(key: symbol, opened: Opened, pid: number) {
    super(key, opened);
    this.pid = pid;
    this.#pid = pid;
  }

  static {
    showAs(ProcessHandle, 'ProcessHandle', ({ pid, closed }) => ({ pid, closed }));
  }

  /**
   * Opens a process, to wait for it and read its exit code (`OpenProcess`).
   *
   * A process that has ended can be opened as long as another handle to it is open. Node keeps one until a child's `'exit'` event.
   *
   * @param pid the process id. Windows reuses the ids of ended processes.
   * @throws TypeError `ERR_INVALID_ARG_TYPE` or RangeError `ERR_OUT_OF_RANGE` for an invalid id.
   * @throws {@link RtwqError} `E_INVALIDARG` if there is no such process; `E_ACCESSDENIED` if you may not open it.
   */
  static open(pid: number): ProcessHandle {
    return ProcessHandle.openFor(pid, ProcessHandle.open);
  }

  /** @internal */
  static openFor(pid: number, caller: Caller): ProcessHandle {
    currentEnvironment(caller);
    validateUnsigned(pid, 'pid', caller);
    const opened = openHandle(caller, undefined, (native) => native.openProcess(pid));
    return new ProcessHandle(KEY, opened, pid);
  }

  /**
   * The exit code, as an unsigned 32-bit number; undefined while the process runs (`GetExitCodeProcess`).
   *
   * @throws {@link RtwqError} if the call fails; `E_HANDLE` for a closed handle.
   */
  get exitCode(): number | undefined {
    const out = callHandle(this, 'GetExitCodeProcess', getterOf(ProcessHandle, 'exitCode'), (native, index) => native.exitCode(index));
    return out[0] === 1 ? out[1] : undefined;
  }

  /**
   * When the process was created (`GetProcessTimes`).
   *
   * Windows reuses the ids of ended processes. An id and the time of creation together name one process.
   *
   * @throws {@link RtwqError} if the call fails; `E_HANDLE` for a closed handle.
   */
  get createdAt(): Date {
    const caller = getterOf(ProcessHandle, 'createdAt');
    return new Date(callHandle(this, 'GetProcessTimes', caller, (native, index) => native.creationTime(index))[0] as number);
  }

  /**
   * Ends the process immediately (`TerminateProcess`). It cannot clean up.
   *
   * Unlike `process.kill()`, this cannot hit another process with a reused id.
   *
   * @param exitCode its exit code, from 0 to 2 ** 32 - 1. Default: 1.
   * @returns whether this call ended it: false if it had already ended, or was ending.
   * @throws TypeError `ERR_INVALID_ARG_TYPE` or RangeError `ERR_OUT_OF_RANGE` for an invalid exit code.
   * @throws {@link RtwqError} `E_ACCESSDENIED` if you may not end it; `E_HANDLE` for a closed handle.
   * @example
   * ```ts
   * import { spawn } from 'node:child_process';
   *
   * const { pid = 0 } = spawn('notepad.exe');
   * using editor = ProcessHandle.open(pid);
   * if ((await editor.wait({ timeout: 60_000 })) === 'timeout') editor.terminate();
   * ```
   */
  terminate(exitCode = 1): boolean {
    const process = owner(this, ProcessHandle, 'ProcessHandle', 'terminate');
    const caller = process.terminate;
    currentEnvironment(caller);
    validateUnsigned(exitCode, 'exitCode', caller);
    const terminate = (native: NativeEnvironment, index: Index) => native.terminateProcess(index, process.#pid, exitCode);
    const out = callHandle(process, 'TerminateProcess', caller, terminate);
    return out[0] === 1;
  }
}
