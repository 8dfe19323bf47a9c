// What the clocks of simulations have in common.

import type { Host } from '../internal/own-host';
import type { Clock, Machine } from './windows/machine';

export interface SimulatedClock extends Clock {
  /** What the package uses as its host. */
  readonly host: Host;
  /** Serves a machine. */
  run(machine: Machine): void;
  /** Does something during which the clock stands still. */
  holdStill<T>(action: () => T): T;
  end(): void;
}
