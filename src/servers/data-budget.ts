/**
 * Memory for messages under way, shared by all connections. Where it is used up, those who want more wait, so that their
 * sockets are not read; the oldest never waits, so that there is always one that comes to its end and gives back.
 */

export class DataBudget {
  readonly #limit: number
  /** In the order in which they began. */
  readonly #shares = new Set<DataShare>()
  #used = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  get used(): number {
    return this.#used
  }

  /** Whether a new message has to be put off. */
  get full(): boolean {
    return this.#used > this.#limit
  }

  open(): DataShare {
    const share = new DataShare({
      added: bytes => {
        this.#used += bytes
      },
      mayGoOn: () => !this.full || this.#oldest() === share,
      gaveBack: bytes => {
        this.#used -= bytes
        this.#wake()
      },
      released: () => {
        this.#shares.delete(share)
        this.#wake()
      },
    })
    this.#shares.add(share)
    return share
  }

  #wake(): void {
    if (this.full) this.#oldest()?.resume()
    else for (const waiting of this.#shares) waiting.resume()
  }

  #oldest(): DataShare | undefined {
    return this.#shares.values().next().value
  }
}

interface Owner {
  added(bytes: number): void
  mayGoOn(): boolean
  gaveBack(bytes: number): void
  released(): void
}

/** What one message holds. */
export class DataShare {
  readonly #owner: Owner
  #bytes = 0
  #resume: (() => void) | null = null
  #open = true

  constructor(owner: Owner) {
    this.#owner = owner
  }

  add(bytes: number): void {
    this.#bytes += bytes
    this.#owner.added(bytes)
  }

  get mayGoOn(): boolean {
    return this.#owner.mayGoOn()
  }

  giveBack(bytes: number): void {
    if (!this.#open) return
    this.#bytes -= bytes
    this.#owner.gaveBack(bytes)
  }

  /** Calls back, perhaps at once, when more may be read; who has given all back holds nothing, and is not waited for. */
  whenFree(resume: () => void): void {
    if (!this.#open || this.#owner.mayGoOn()) resume()
    else this.#resume = resume
  }

  resume(): void {
    const resume = this.#resume
    this.#resume = null
    resume?.()
  }

  /** Gives all back, once. Whoever waits goes on. */
  release(): void {
    if (!this.#open) return
    this.#open = false
    const bytes = this.#bytes
    this.#bytes = 0
    this.#owner.gaveBack(bytes)
    this.#owner.released()
    this.resume()
  }
}
