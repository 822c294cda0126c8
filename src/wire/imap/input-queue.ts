/** Bytes received and not yet read: chunks as they came, joined only where a line or a literal spans them. */

const LF = 0x0a
/** Chunks read are dropped from the list's front in runs of this many, so that dropping stays linear. */
const DROPPED_AT_ONCE = 1_024

export class InputQueue {
  #chunks: Buffer[] = []
  #first = 0
  #offset = 0
  #length = 0

  get length(): number {
    return this.#length
  }

  push(bytes: Uint8Array): void {
    if (bytes.length === 0) return
    this.#chunks.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
    this.#length += bytes.length
  }

  clear(): void {
    this.#chunks = []
    this.#first = 0
    this.#offset = 0
    this.#length = 0
  }

  /** The next bytes of the line, as latin1, up to and with its LF or to the end of a chunk. Null where nothing is left. */
  takeLinePart(): string | null {
    const chunk = this.#chunks[this.#first]
    if (chunk === undefined) return null
    const lf = chunk.indexOf(LF, this.#offset)
    const end = lf === -1 ? chunk.length : lf + 1
    const part = chunk.toString('latin1', this.#offset, end)
    this.#advance(chunk, end)
    return part
  }

  /** Copies what fits into `target` from `start` on; returns how many bytes that were. */
  copyInto(target: Uint8Array, start: number): number {
    let copied = 0
    while (start + copied < target.length) {
      const chunk = this.#chunks[this.#first]
      if (chunk === undefined) break
      const count = chunk.copy(target, start + copied, this.#offset)
      copied += count
      this.#advance(chunk, this.#offset + count)
    }
    return copied
  }

  /** Passes over up to `count` bytes; returns how many there were. */
  skip(count: number): number {
    let skipped = 0
    while (skipped < count) {
      const chunk = this.#chunks[this.#first]
      if (chunk === undefined) break
      const step = Math.min(count - skipped, chunk.length - this.#offset)
      skipped += step
      this.#advance(chunk, this.#offset + step)
    }
    return skipped
  }

  #advance(chunk: Buffer, offset: number): void {
    this.#length -= offset - this.#offset
    this.#offset = offset
    if (offset < chunk.length) return
    this.#offset = 0
    this.#first++
    if (this.#first === this.#chunks.length) {
      this.#chunks = []
      this.#first = 0
    } else if (this.#first === DROPPED_AT_ONCE) {
      this.#chunks.splice(0, DROPPED_AT_ONCE)
      this.#first = 0
    }
  }
}
