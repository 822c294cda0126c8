/** A message as it comes in: its octets copied into one growing block, so that a client that sends one octet a packet costs no more. */
import { behindHeadroom, HEADROOM_BYTES } from '../../wire/mime/headroom.ts'
import type { Sink } from '../../wire/smtp/data.ts'
import type { BlockPool } from '../block-pool.ts'
import type { MessageShare } from '../message-budget.ts'
import { BLOCK_GROWTH, LARGE_MESSAGE_BYTES } from './limits.ts'

const nothing = Buffer.alloc(0)

export class MessageBuffer implements Sink {
  readonly #share: Pick<MessageShare, 'hold'>
  readonly #pool: BlockPool
  #block: Buffer = nothing
  /** Octets used of the block, headroom included. */
  #filled = HEADROOM_BYTES

  constructor(share: Pick<MessageShare, 'hold'>, pool: BlockPool) {
    this.#share = share
    this.#pool = pool
  }

  write(chunk: Uint8Array, start: number, end: number): void {
    const filled = this.#filled + end - start
    if (filled > this.#block.length) this.#grow(filled)
    this.#block.set(start === 0 && end === chunk.length ? chunk : chunk.subarray(start, end), this.#filled)
    this.#filled = filled
  }

  /** The message in one piece, in memory that is this buffer's until `clear`. */
  whole(): Buffer {
    if (this.#block.length === 0) return nothing
    return behindHeadroom(this.#block, this.#filled - HEADROOM_BYTES)
  }

  /** `isUnused`: nobody looks at the message any more, so that its memory may be another's. */
  clear(isUnused: boolean): void {
    if (isUnused) this.#pool.giveBack(this.#block)
    this.#block = nothing
    this.#filled = HEADROOM_BYTES
  }

  #grow(filled: number): void {
    const before = this.#block
    const block = this.#pool.take(
      Math.max(filled, before.length * (before.length < LARGE_MESSAGE_BYTES ? BLOCK_GROWTH : 2)),
    )
    if (before !== nothing) before.copy(block, HEADROOM_BYTES, HEADROOM_BYTES, this.#filled)
    this.#pool.giveBack(before)
    this.#block = block
    this.#share.hold(block.length)
  }
}
