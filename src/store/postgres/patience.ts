import { setTimeout as sleep } from 'node:timers/promises'

/** Of those who wait between tries for a server that is gone: until whoever has the store ends, and has no more time. */
export class Patience {
  #isOver = false
  #end = (): void => {}
  readonly #ended = new Promise<void>(resolve => (this.#end = resolve))

  get isOver(): boolean {
    return this.#isOver
  }

  /** Whoever waits goes on at once. */
  end(): void {
    this.#isOver = true
    this.#end()
  }

  async wait(ms: number): Promise<void> {
    if (this.#isOver) return
    const waited = new AbortController()
    // A timer that is left would keep the process.
    await Promise.race([sleep(ms, undefined, { signal: waited.signal }).catch(() => {}), this.#ended])
    waited.abort()
  }
}
