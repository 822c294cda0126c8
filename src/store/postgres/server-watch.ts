/**
 * Tells a server that says nothing from one that takes long. One that was stopped, or lies behind a line that was cut, keeps its
 * connections, and nobody hears of their end. So where answers are waited for and nothing is heard on any connection for a while,
 * the server is asked on a new one. Where it does not answer there either, it is gone, until it does. Where it can't be asked, it is
 * what it was before.
 */
import { probeAgainMs, silentMs } from './limits.ts'
import type { Finding } from './probe.ts'

export interface ServerWatchParts {
  /** Asks on a connection of its own, for a bounded time. Never rejects. */
  probe(): Promise<Finding>
  /** It is gone: nobody is to wait for it any longer. */
  gone(): void
}

export class ServerWatch {
  readonly #parts: ServerWatchParts
  #waiting = 0
  /** When something was heard, or waited for first. */
  #heardAt = 0
  /** The next look, and what is asked at it, are planned or under way. */
  #isWatching = false
  #timer: NodeJS.Timeout | undefined
  #isGone = false
  #closed = false

  constructor(parts: ServerWatchParts) {
    this.#parts = parts
  }

  get isGone(): boolean {
    return this.#isGone
  }

  /** From now on until `ended` something is to be heard. */
  begun(): void {
    if (this.#waiting++ === 0) this.#heardAt = performance.now()
    if (!this.#isWatching) this.#lookIn(silentMs)
  }

  /** It was heard, or the connection broke, which is heard too. */
  ended(): void {
    this.#waiting--
    this.#heardAt = performance.now()
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
  }

  #lookIn(ms: number): void {
    if (this.#closed) return
    this.#isWatching = true
    this.#timer = setTimeout(() => void this.#look(), ms).unref()
  }

  async #look(): Promise<void> {
    const heardAt = this.#heardAt
    if (!this.#isGone) {
      this.#isWatching = this.#waiting > 0
      if (!this.#isWatching) return
      const left = silentMs - (performance.now() - heardAt)
      if (left > 0) return this.#lookIn(left)
    }
    const finding = await this.#parts.probe()
    if (this.#closed) return
    // Connections that are given up end too: of a server that is gone, its answer counts alone.
    if (finding === 'lives' || (!this.#isGone && this.#heardAt !== heardAt)) {
      this.#isGone = false
      this.#heardAt = performance.now()
      return this.#lookIn(silentMs)
    }
    if (finding === 'gone' && !this.#isGone) {
      this.#isGone = true
      this.#parts.gone()
    }
    this.#lookIn(probeAgainMs)
  }
}
