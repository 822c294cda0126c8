/** What may be under way at once: so many deliveries and so many bytes, of which each sender has a share. */
import type { QueueMessageRow } from '../store/types.ts'
import { BYTES_IN_FLIGHT } from './limits.ts'
import { senderOf, shareOf } from './sender.ts'

interface Used {
  deliveries: number
  bytes: number
}

export class Slots {
  readonly #concurrency: number
  readonly #all: Used = { deliveries: 0, bytes: 0 }
  readonly #ofSender = new Map<number, Used>()

  constructor(concurrency: number) {
    this.#concurrency = concurrency
  }

  get isFull(): boolean {
    return this.#all.deliveries >= this.#concurrency
  }

  fits(message: QueueMessageRow): boolean {
    const sender = senderOf(message)
    const own = this.#ofSender.get(sender)
    return (
      isRoom(this.#all, message, this.#concurrency, BYTES_IN_FLIGHT) &&
      (!own || isRoom(own, message, shareOf(sender, this.#concurrency), shareOf(sender, BYTES_IN_FLIGHT)))
    )
  }

  take(message: QueueMessageRow): void {
    const sender = senderOf(message)
    let own = this.#ofSender.get(sender)
    if (!own) this.#ofSender.set(sender, (own = { deliveries: 0, bytes: 0 }))
    for (const used of [this.#all, own]) {
      used.deliveries++
      used.bytes += message.sizeBytes
    }
  }

  giveBack(message: QueueMessageRow): void {
    const sender = senderOf(message)
    const own = this.#ofSender.get(sender)
    if (!own) return
    for (const used of [this.#all, own]) {
      used.deliveries--
      used.bytes -= message.sizeBytes
    }
    if (own.deliveries === 0) this.#ofSender.delete(sender)
  }
}

/** One message may always go, whatever its size. */
function isRoom(used: Used, { sizeBytes }: QueueMessageRow, deliveries: number, bytes: number): boolean {
  return used.deliveries < deliveries && (used.bytes === 0 || used.bytes + sizeBytes <= bytes)
}
