/**
 * BDAT (RFC 3030 §2): a message in chunks of announced length. Without BINARYMIME it is text as after DATA, so the same
 * flaws are looked for; there are no stuffed dots and there is no end but the announced one.
 */
import type { Sink, TextDecoder } from './data.ts'

export interface ChunkCommand {
  size: number
  last: boolean
}

/** null where it is not understood: then nobody knows how many octets that are no commands follow. */
export function parseBdat(line: string): ChunkCommand | null {
  const match = /^BDAT (\d{1,15})( LAST)?$/i.exec(line.trimEnd())
  return match ? { size: Number(match[1]), last: match[2] !== undefined } : null
}

const NUL = 0
const LF = 10
const CR = 13

export class ChunkDecoder implements TextDecoder {
  size = 0
  nul = false
  /** The chunks say when it ends. */
  readonly ended = false
  readonly #maxBytes: number
  readonly #sink: Sink
  bareLineEnd = false
  #afterCr = false
  #bits = 0

  constructor(maxBytes: number, sink: Sink) {
    this.#maxBytes = maxBytes
    this.#sink = sink
  }

  get eightBit(): boolean {
    return this.#bits > 127
  }

  get tooBig(): boolean {
    return this.size > this.#maxBytes
  }

  get sound(): boolean {
    return !this.bareLineEnd && !this.nul && !this.tooBig
  }

  push(chunk: Uint8Array): number {
    let afterCr = this.#afterCr
    let bits = this.#bits
    for (const octet of chunk) {
      bits |= octet
      if ((octet === LF) !== afterCr) this.bareLineEnd = true
      afterCr = octet === CR
      if (octet === NUL) this.nul = true
    }
    this.#afterCr = afterCr
    this.#bits = bits
    this.size += chunk.length
    if (this.sound) this.#sink.write(chunk, 0, chunk.length)
    return chunk.length
  }

  /** The last chunk is in: a CR that waited for its LF is alone. */
  finish(): void {
    if (this.#afterCr) this.bareLineEnd = true
  }
}
