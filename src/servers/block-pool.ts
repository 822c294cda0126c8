/**
 * Memory that messages under way are held in, used again. Each buffer made anew counts as memory outside of the heap, and
 * after every 64 MB of it the whole heap is marked: measured, two fifths of a delivery's processor time.
 */
import { freeMemory } from '../wire/memory.ts'

/** Blocks of these sizes are kept: four of five messages fit in the first. */
const kept = [32, 128, 512, 2_048].map(kib => kib * 1024)

/** Kept in all: fifty connections' small messages and some large ones. */
const maxKeptBytes = 16 * 1024 * 1024

export class BlockPool {
  readonly #free = new Map<number, Buffer[]>(kept.map(size => [size, []]))
  #freeBytes = 0

  /** Memory of its own, with whatever was in it before: of the next size kept that holds so many octets, else of just so many. */
  take(bytes: number): Buffer {
    const size = kept.find(each => each >= bytes) ?? bytes
    const block = this.#free.get(size)?.pop()
    if (!block) return Buffer.allocUnsafeSlow(size)
    this.#freeBytes -= size
    return block
  }

  /** Nobody may look at it any more. */
  giveBack(block: Buffer): void {
    const free = this.#free.get(block.length)
    if (free && this.#freeBytes + block.length <= maxKeptBytes) {
      free.push(block)
      this.#freeBytes += block.length
    } else freeMemory(block)
  }
}
