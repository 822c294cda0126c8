/** A message as it comes in: its octets copied into a few growing blocks, so that a client that sends one octet a packet costs no more. */
import type { Sink } from '../../wire/smtp/data.ts'
import type { DataShare } from './data-budget.ts'

/** Most messages fit in the first. */
const firstBlock = 16_384
const largestBlock = 1_048_576
const nothing = Buffer.alloc(0)

export class MessageBuffer implements Sink {
  readonly #share: DataShare
  #blocks: Buffer[] = []
  #last: Buffer = nothing
  /** Octets used of the last block. */
  #filled = 0
  #length = 0

  constructor(share: DataShare) {
    this.#share = share
  }

  get length(): number {
    return this.#length
  }

  write(chunk: Uint8Array, start: number, end: number): void {
    let from = start
    while (from < end) {
      if (this.#filled === this.#last.length) this.#grow()
      const count = Math.min(end - from, this.#last.length - this.#filled)
      this.#last.set(chunk.subarray(from, from + count), this.#filled)
      this.#filled += count
      from += count
    }
    this.#length += end - start
  }

  /** The message in one piece; the blocks are forgotten. */
  take(): Buffer {
    const whole =
      this.#blocks.length === 1 ? this.#last.subarray(0, this.#length) : Buffer.concat(this.#blocks, this.#length)
    this.clear()
    return whole
  }

  clear(): void {
    this.#blocks = []
    this.#last = nothing
    this.#filled = 0
    this.#length = 0
  }

  #grow(): void {
    const size = Math.min(largestBlock, Math.max(firstBlock, this.#length))
    this.#last = Buffer.allocUnsafeSlow(size)
    this.#blocks.push(this.#last)
    this.#filled = 0
    this.#share.add(size)
  }
}
