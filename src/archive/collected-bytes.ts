/** Bytes that come in pieces, of whatever size, in one growing block: many small pieces cost no more than one. */
export class CollectedBytes {
  #block: Buffer = Buffer.alloc(0)
  #length = 0

  get length(): number {
    return this.#length
  }

  add(bytes: Uint8Array): void {
    const length = this.#length + bytes.length
    if (length > this.#block.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(length, FIRST_BLOCK_BYTES, Math.ceil(this.#block.length * GROWTH)))
      larger.set(this.#block.subarray(0, this.#length))
      this.#block = larger
    }
    this.#block.set(bytes, this.#length)
    this.#length = length
  }

  /** All of them; what comes then begins anew. */
  take(): Buffer {
    const bytes = this.#block.subarray(0, this.#length)
    this.#block = Buffer.alloc(0)
    this.#length = 0
    return bytes
  }
}

/** Most lines, and many messages. */
const FIRST_BLOCK_BYTES = 4096
/** Of a block to the one before. */
const GROWTH = 1.5
