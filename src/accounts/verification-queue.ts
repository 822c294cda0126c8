/**
 * Lets few passwords be verified at once, by turns of the addresses that wait: a flood from one address waits behind
 * itself, everyone else comes next.
 */
export class QueueFull extends Error {
  override name = 'QueueFull'
}

export interface VerificationQueueLimits {
  atOnce: number
  waiting: number
  waitingPerAddress: number
}

export class VerificationQueue {
  readonly #limits: VerificationQueueLimits
  /** Addresses by whose turn it is. */
  readonly #waiting = new Map<string, (() => void)[]>()
  #waitingCount = 0
  #running = 0

  constructor(limits: VerificationQueueLimits) {
    this.#limits = limits
  }

  /** Rejects with QueueFull where too many wait already. */
  async run<T>(address: string, work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#limits.atOnce) await this.#turn(address)
    else this.#running++
    try {
      return await work()
    } finally {
      this.#next()
    }
  }

  #turn(address: string): Promise<void> {
    const queue = this.#waiting.get(address) ?? []
    if (this.#waitingCount >= this.#limits.waiting || queue.length >= this.#limits.waitingPerAddress)
      return Promise.reject(new QueueFull('Too many passwords wait to be verified'))
    this.#waiting.set(address, queue)
    this.#waitingCount++
    return new Promise(resolve => queue.push(resolve))
  }

  /** Hands the place that is free to the next address, which then goes to the end. */
  #next(): void {
    const first = this.#waiting.entries().next()
    if (first.done) {
      this.#running--
      return
    }
    const [address, queue] = first.value
    this.#waiting.delete(address)
    const start = queue.shift()
    if (queue.length > 0) this.#waiting.set(address, queue)
    this.#waitingCount--
    start?.()
  }
}
