// Creates, opens, signals and closes handles: src/node/handles.cc.

import type { NativeEnvironment, Outcome } from '../../internal/native';
import { failed } from '../windows/failures';
import type { WindowsFunction } from '../windows/functions';
import type { Found, Kind } from '../windows/namespace';
import { EventObject, type KernelObject, ProcessObject, SemaphoreObject } from '../windows/objects';
import { TimerObject } from '../windows/timer-object';
import type { Context } from '../windows/world';
import { SDDL } from './sddl';

type Functions = Pick<
  NativeEnvironment,
  | 'createEvent'
  | 'openEvent'
  | 'setEvent'
  | 'resetEvent'
  | 'createSemaphore'
  | 'openSemaphore'
  | 'releaseSemaphore'
  | 'createTimer'
  | 'openTimer'
  | 'setTimer'
  | 'cancelTimer'
  | 'openProcess'
  | 'exitCode'
  | 'creationTime'
  | 'terminateProcess'
  | 'handleValue'
  | 'closeHandle'
  | 'checkSecurity'
  | 'processIdentity'
>;

const TOO_MANY_POSTS = 'ERROR_TOO_MANY_POSTS';
const UNITS_PER_MILLISECOND = 10_000;

/** Adds a handle to what was created or found. `fill` adds more to `out`. */
export function addHandle<T extends KernelObject>(
  { handles, machine, out }: Context,
  name: WindowsFunction,
  find: () => Found<T>,
  fill: (object: T) => void = () => {},
): Outcome {
  const outcome = machine.failures.call(name);
  if (outcome !== 0) return outcome;
  const found = find();
  if ('code' in found) return failed(name, found.code);
  out[0] = handles.add(found.object);
  out[1] = found.createdNew ? 1 : 0;
  fill(found.object);
  return 0;
}

export function handleFunctions(context: Context): Functions {
  const { machine, out, handles, world } = context;
  const { failures } = machine;
  const { namespace, processes } = world;
  const object = <T extends KernelObject>(index: number, _kind: Kind<T>): T => handles.get(index).object as T;
  const addEvent = (name: WindowsFunction, find: () => Found<EventObject>): Outcome =>
    addHandle(context, name, find, (event) => {
      out[2] = event.manualReset ? 1 : 0;
    });

  /** Calls a function that is the only one to fail. */
  function call(name: WindowsFunction, action: () => void): Outcome {
    const outcome = failures.call(name);
    if (outcome === 0) action();
    return outcome;
  }

  return {
    createEvent: (name, _security, manualReset, signaled) =>
      addEvent('CreateEventExW', () => namespace.create(EventObject, name, () => new EventObject(machine, manualReset, signaled))),
    openEvent: (name) => addEvent('OpenEventW', () => namespace.open(EventObject, name)),
    setEvent: (index) => call('SetEvent', () => object(index, EventObject).set()),
    resetEvent: (index) => call('ResetEvent', () => object(index, EventObject).reset()),
    createSemaphore: (name, _security, initial, maximum) =>
      addHandle(context, 'CreateSemaphoreExW', () =>
        namespace.create(SemaphoreObject, name, () => new SemaphoreObject(machine, initial, maximum)),
      ),
    openSemaphore: (name) => addHandle(context, 'OpenSemaphoreW', () => namespace.open(SemaphoreObject, name)),
    releaseSemaphore: (index, count) => {
      const outcome = failures.call('ReleaseSemaphore');
      if (outcome !== 0) return outcome;
      const before = object(index, SemaphoreObject).release(count);
      if (before === undefined) return failed('ReleaseSemaphore', TOO_MANY_POSTS);
      out[0] = before;
      return 0;
    },
    createTimer: (name, _security, manualReset, highResolution) => {
      // Windows has no named timers of high resolution.
      const exact = highResolution && name === undefined;
      return addHandle(
        context,
        'CreateWaitableTimerExW',
        () => namespace.create(TimerObject, name, () => new TimerObject(machine, manualReset, exact)),
        () => {
          out[2] = exact ? 1 : 0;
        },
      );
    },
    openTimer: (name) => addHandle(context, 'OpenWaitableTimerW', () => namespace.open(TimerObject, name)),
    setTimer: (index, due, bySystemClock, period, resume) =>
      call('SetWaitableTimer', () => {
        const left = bySystemClock ? due - machine.clock.systemTime() : Math.ceil(due * UNITS_PER_MILLISECOND) / UNITS_PER_MILLISECOND;
        // Windows keeps whole milliseconds for everyone; others are kept for this handle.
        handles.get(index).keepsPeriod = !Number.isInteger(period);
        object(index, TimerObject).set(machine.now + left, period);
        out[0] = resume ? 1 : 0;
      }),
    cancelTimer: (index) => call('CancelWaitableTimer', () => object(index, TimerObject).cancel()),
    openProcess: (pid) =>
      addHandle(context, 'OpenProcess', () => {
        const found = processes.find(pid);
        return found ? { object: found, createdNew: false } : { code: 'E_INVALIDARG' };
      }),
    exitCode: (index) =>
      call('GetExitCodeProcess', () => {
        const { exitCode } = object(index, ProcessObject);
        out[0] = exitCode === undefined ? 0 : 1;
        out[1] = exitCode ?? 0;
      }),
    creationTime: (index) =>
      call('GetProcessTimes', () => {
        out[0] = object(index, ProcessObject).createdAt;
      }),
    terminateProcess: (index, _pid, code) => {
      const found = object(index, ProcessObject);
      out[0] = 0;
      if (found.signaled) return 0;
      const outcome = failures.call('OpenProcess', 'TerminateProcess');
      if (outcome === 0) out[0] = found.exit(code) ? 1 : 0;
      return outcome;
    },
    handleValue: (index) => handles.get(index).value,
    closeHandle: (index) => {
      const handle = handles.get(index);
      handle.mutex?.end();
      if (handle.keepsPeriod) object(index, TimerObject).endPeriod();
      handles.close(index);
    },
    checkSecurity: (descriptor) =>
      failures.call('ConvertStringSecurityDescriptorToSecurityDescriptorW') ||
      (SDDL.test(descriptor) ? 0 : failed('ConvertStringSecurityDescriptorToSecurityDescriptorW', 'E_INVALIDARG')),
    processIdentity: () => ({ user: 'S-1-5-21-1000000001-1000000002-1000000003-1001', logon: 'S-1-5-5-0-100000' }),
  };
}
