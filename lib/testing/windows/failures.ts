// Which calls of Windows functions fail, and the outcomes of those that do.

import { HRESULTS, type KnownCode } from '../../internal/hresults';
import type { Outcome } from '../../internal/native';
import { FUNCTIONS, type WindowsFunction } from './functions';

interface Planned {
  readonly hresult: number;
  left: number;
}

export const hresultOf = (code: KnownCode): number => HRESULTS[code][0];

/** The outcome of a function that has failed; 0 for a success. */
export const outcomeOf = (name: WindowsFunction, hresult: number): Outcome =>
  hresult === 0 ? 0 : FUNCTIONS.indexOf(name) * 2 ** 32 + hresult;

export const failed = (name: WindowsFunction, code: KnownCode): Outcome => outcomeOf(name, hresultOf(code));

export class Failures {
  readonly #planned = new Map<WindowsFunction, Planned[]>();

  plan(name: WindowsFunction, hresult: number, times: number): void {
    const planned = this.#planned.get(name) ?? [];
    this.#planned.set(name, planned);
    planned.push({ hresult, left: times });
  }

  /** A call of a function. Returns the HRESULT that it fails with; 0 if it succeeds. */
  take(name: WindowsFunction): number {
    const planned = this.#planned.get(name);
    const first = planned?.[0];
    if (!planned || !first) return 0;
    if (--first.left === 0) planned.shift();
    return first.hresult;
  }

  /** The same as an outcome, for the first function that fails. */
  call(...names: WindowsFunction[]): Outcome {
    for (const name of names) {
      const hresult = this.take(name);
      if (hresult !== 0) return outcomeOf(name, hresult);
    }
    return 0;
  }
}
