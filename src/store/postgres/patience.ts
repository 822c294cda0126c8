import { setTimeout as sleep } from 'node:timers/promises'

/** Of those who wait between tries for a server that is gone: until whoever has the store ends, and has no more time. */
export class Patience {
  readonly #over = new AbortController()

  get isOver(): boolean {
    return this.#over.signal.aborted
  }

  /** Whoever waits goes on at once. */
  end(): void {
    this.#over.abort()
  }

  async wait(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#over.signal }).catch(() => {})
  }
}
