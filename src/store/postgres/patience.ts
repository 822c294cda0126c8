/** Of those who wait between tries for a server that is gone: until whoever has the store ends, and has no more time. */
export class Patience {
  #isOver = false
  /** Of waits that are not over. A promise that all race with would keep each of them for as long as the store is open. */
  readonly #waiting = new Set<() => void>()

  get isOver(): boolean {
    return this.#isOver
  }

  /** Whoever waits goes on at once. */
  end(): void {
    this.#isOver = true
    for (const goOn of this.#waiting) goOn()
  }

  wait(ms: number): Promise<void> {
    if (this.#isOver) return Promise.resolve()
    return new Promise(resolve => {
      const goOn = (): void => {
        // A timer that is left would keep the process.
        clearTimeout(timer)
        this.#waiting.delete(goOn)
        resolve()
      }
      const timer = setTimeout(goOn, ms)
      this.#waiting.add(goOn)
    })
  }
}
