// The private interface of the native addon (src/node/). Nothing here is part of the public API.

/**
 * What a native call came to, in one number: 0 is success; otherwise the index of the RTWorkQ function that failed
 * times 2 ** 32 plus its HRESULT.
 */
export type Outcome = number;

export interface NativeAddon {
  /** Opens an environment for this copy of lib/ in this JavaScript thread; it lives as long as the thread. */
  open(hooks: NativeHooks): NativeEnvironment;
  /** Loads RTWorkQ.dll, starts nothing. */
  describe(): NativeDescription;
  /** The system's text for an HRESULT, or ''. */
  systemMessage(hresult: number): string;
  /** RTWorkQ's function names by their index in an Outcome. */
  readonly functions: readonly string[];
}

export interface NativeHooks {
  /** `count` completions are in `batch`. */
  settle(count: number): void;
  /** The lease that giveBack() left for later is gone. */
  released(outcome: Outcome): void;
  /** Completions as (slot, HRESULT, milliseconds on the native clock). */
  batch: Float64Array;
  /** The key of the item begun last: low half, high half; 0 where it has none. */
  key: Uint32Array;
}

export interface NativeEnvironment {
  schedule(slot: number, milliseconds: number, queue: number, ref: boolean): Outcome;
  put(slot: number, queue: number, priority: number, ref: boolean): Outcome;
  /** True when this call settled the operation. */
  stop(slot: number, closing: boolean): boolean;
  setRef(slot: number, ref: boolean): void;
  /** Makes sure that this environment holds a lease on the platform. */
  acquire(): Outcome;
  /** Gives the lease back once no work item is outstanding: undefined when `released` will tell. */
  giveBack(keepAlive: boolean): Outcome | undefined;
  /** Milliseconds on the clock of the completions. */
  now(): number;
}

export interface NativeDescription {
  usable: boolean;
  /** The Win32 error of loading RTWorkQ.dll, 0 when it is loaded. */
  loadError: number;
  missingFunction: string | null;
  wineVersion: string | null;
  path?: string;
  /** Four numbers with dots; 0.0.0.0 where the file has no version resource. */
  version?: string;
}
