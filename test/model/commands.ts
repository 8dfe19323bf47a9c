// What a program of the model test consists of: actions, and steps of one or several actions that nothing waits between.

/** How long a wait may take: without a limit, an hour, not at all, or so many milliseconds. */
export type Limit = 'none' | 'an hour' | 'now' | number;

export const HOUR = 3_600_000;

/** The names of the objects of a program. A second name for the same object is another handle to it. */
export const OBJECTS = {
  /** Auto-reset events. */
  events: ['A0', 'A1'],
  /** Manual-reset events. */
  latches: ['M0', 'M1'],
  semaphores: ['S0', 'S1', 'S1b'],
  timers: ['T0'],
  /** Two objects of one mutex, and one of another. */
  mutexes: ['X0', 'X0b', 'X1'],
} as const;

export type Objects = typeof OBJECTS;
export type Slot = Objects[keyof Objects][number];
export type Queue = 'Q0' | 'Q1' | 'standard' | 'multithreaded';

/** A count that no release of S0 can exceed. */
export const FEW = 3;

export type Action =
  | { do: 'wait'; op: string; how: 'waitFor' | 'waitForAny' | 'waitForAll'; targets: Slot[]; raw: boolean; limit: Limit }
  | { do: 'next'; op: string; slot: Slot }
  | { do: 'leave'; slot: Slot }
  | { do: 'set' | 'reset' | 'stopTimer' | 'close' | 'open'; slot: Slot }
  | { do: 'release'; slot: Slot; count: number }
  | { do: 'setTimer'; slot: Slot; milliseconds: number }
  | { do: 'acquire'; op: string; slot: Slot; limit: Limit }
  | { do: 'request'; op: string; limit: Limit | 'if available' }
  | { do: 'unlock' | 'finish' | 'cancel' | 'cancelByKey' | 'abort' | 'clear'; op: string }
  | { do: 'put'; op: string; queue: Queue; priority: number }
  | { do: 'putMany'; op: string; queue: Queue; count: number }
  | { do: 'invoke'; op: string; queue: Queue; status: number }
  | { do: 'schedule'; op: string; queue: Queue; milliseconds: number }
  | { do: 'waitOnQueue'; op: string; queue: Queue; slot: Slot }
  | { do: 'closeQueue'; op: string; queue: Queue; drain: boolean }
  | { do: 'openQueue'; queue: Queue }
  | { do: 'sleep' | 'callLater'; op: string; milliseconds: number }
  | { do: 'holderEnds'; op: string }
  | { do: 'shutdown'; op: string }
  | { do: 'drain'; op: string; slot: Slot };

/**
 * Actions that run without a pause in between. What several of them cause may happen in any order, and time may pass in between. Then
 * the time advances, and everything settles that has a reason to.
 */
export interface Step {
  actions: Action[];
  /** In milliseconds. */
  advance: number;
}

const limitText = (limit: Limit | 'if available'): string[] =>
  limit === 'none' ? [] : [typeof limit === 'number' ? `timeout ${limit} ms` : limit === 'now' ? 'timeout 0' : limit];

function actionText(action: Action): string {
  switch (action.do) {
    case 'wait': {
      const targets = action.targets.map((slot) => (action.raw ? `${slot}.handle` : slot)).join(', ');
      const args = [action.how === 'waitFor' ? targets : `[${targets}]`, ...limitText(action.limit)];
      return `${action.op} = ${action.how}(${args.join(', ')})`;
    }
    case 'next':
      return `${action.op} = the next of ${action.slot}.signals()`;
    case 'leave':
      return `leave the loop over ${action.slot}.signals()`;
    case 'release':
      return `${action.slot}.release(${action.count})`;
    case 'setTimer':
      return `${action.slot}.set(${action.milliseconds})`;
    case 'acquire':
      return `${action.op} = ${action.slot}.acquire(${limitText(action.limit).join()})`;
    case 'request':
      return `${action.op} = locks.request(X0, ${limitText(action.limit).join()})`;
    case 'unlock':
      return `release the lock of ${action.op}`;
    case 'finish':
      return `end the callback of ${action.op}`;
    case 'cancel':
    case 'abort':
    case 'clear':
      return `${action.do} ${action.op}`;
    case 'cancelByKey':
      return `cancelWorkItem(${action.op}.key)`;
    case 'put':
      return `${action.op} = put on ${action.queue}, priority ${action.priority}`;
    case 'putMany':
      return `${action.op} = put ${action.count} on ${action.queue}`;
    case 'invoke':
      return `${action.op} = invoke on ${action.queue} with status ${action.status}`;
    case 'schedule':
      return `${action.op} = schedule(${action.milliseconds}) on ${action.queue}`;
    case 'waitOnQueue':
      return `${action.op} = wait for ${action.slot} on ${action.queue}`;
    case 'closeQueue':
      return `${action.op} = ${action.queue}.close(${action.drain ? 'drain' : ''})`;
    case 'openQueue':
      return `open ${action.queue}`;
    case 'sleep':
      return `${action.op} = setTimeout(${action.milliseconds})`;
    case 'callLater':
      return `${action.op} = setTimeout(callback, ${action.milliseconds})`;
    case 'holderEnds':
      return `${action.op} = another thread ends while it holds X0`;
    case 'shutdown':
      return `${action.op} = shutdown()`;
    case 'drain':
      return `${action.op} = count what is left of ${action.slot}`;
    case 'close':
    case 'open':
      return `${action.do} ${action.slot}`;
    default:
      return `${action.slot}.${action.do}()`;
  }
}

/** A step as a line of a readable program. */
export function stepText({ actions, advance }: Step): string {
  const text = actions.map(actionText).join('  ||  ');
  return advance > 0 ? `${text}; advance ${advance} ms` : text;
}
