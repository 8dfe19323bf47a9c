// A timer of the JavaScript engine itself, which no fake clock owns: a wait for memory that never changes. Only for when Node's own
// timers cannot be reached.

export class EngineTimer {
  readonly #memory = new Int32Array(new SharedArrayBuffer(4));
  // The wait does not keep the loop alive.
  readonly #keeper = new MessageChannel().port1;
  #stopped = false;

  constructor(callback: () => void, milliseconds: number) {
    this.#keeper.ref();
    void this.#run(callback, milliseconds);
  }

  async #run(callback: () => void, milliseconds: number): Promise<void> {
    await Atomics.waitAsync(this.#memory, 0, 0, milliseconds).value;
    if (this.#stopped) return;
    this.stop();
    callback();
  }

  setRef(ref: boolean): void {
    if (ref) this.#keeper.ref();
    else this.#keeper.unref();
  }

  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#keeper.close();
    // Ends the wait.
    Atomics.notify(this.#memory, 0);
  }
}
