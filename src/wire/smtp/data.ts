/**
 * The text that follows DATA (RFC 5321 §4.1.1.4, §4.5.2): dots unstuffed, the end found, flaws noted.
 *
 * Only CR LF "." CR LF ends it. A CR or LF alone neither ends a line nor lets a dot be one: what other software takes for
 * an end of data (SMTP smuggling) stays inside this message, which is then refused as a whole. Pure and resumable; what
 * comes out goes to the sink as spans of the chunk, and nothing more once the message can't be accepted.
 */

export interface Sink {
  write(chunk: Uint8Array, start: number, end: number): void
}

/** What a message's bytes were like on the way in. */
export interface DataFacts {
  /** Octets of the message, line ends included, stuffed dots not (RFC 1870 §5). */
  readonly size: number
  readonly tooBig: boolean
  /** A CR or LF that is not part of CR LF (RFC 5321 §2.3.8). */
  readonly bareLineEnd: boolean
  readonly nul: boolean
  /** Octets above 127. */
  readonly eightBit: boolean
}

/** Takes a message's octets in pieces, gives what belongs to it to a sink, and knows its flaws. */
export interface TextDecoder extends DataFacts {
  /** Whether it can still be accepted, as far as its octets go. */
  readonly sound: boolean
  readonly ended: boolean
  /** Takes the next octets and returns how many: fewer than all where the end was among them. */
  push(chunk: Uint8Array): number
  /** No more will come. */
  finish(): void
}

type State = 'line-start' | 'text' | 'cr' | 'dot' | 'dot-cr'

const NUL = 0
const LF = 10
const CR = 13
const DOT = 46

export class DataDecoder implements TextDecoder {
  size = 0
  bareLineEnd = false
  nul = false
  ended = false
  readonly #maxBytes: number
  readonly #sink: Sink
  #state: State = 'line-start'
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
    const length = chunk.length
    let state = this.#state
    let bits = this.#bits
    /** Where the span not yet given to the sink begins. */
    let start = 0
    let at = 0
    while (at < length) {
      if (state === 'text') {
        let octet = 0
        while (at < length && (octet = chunk[at]!) > CR) {
          bits |= octet
          at++
        }
        if (at === length) break
        if (octet === CR) state = 'cr'
        else if (octet === LF) this.bareLineEnd = true
        else if (octet === NUL) this.nul = true
        at++
        continue
      }
      const octet = chunk[at]!
      switch (state) {
        case 'cr':
          if (octet === LF) {
            state = 'line-start'
            at++
          } else {
            this.bareLineEnd = true
            state = 'text'
          }
          break
        case 'line-start':
          if (octet === DOT) {
            this.#emit(chunk, start, at)
            start = at + 1
            state = 'dot'
            at++
          } else state = 'text'
          break
        case 'dot':
          if (octet === CR) {
            state = 'dot-cr'
            at++
          } else state = 'text'
          break
        case 'dot-cr':
          if (octet === LF) {
            this.ended = true
            this.#bits = bits
            return at + 1
          }
          // The CR is lost, which does no harm: such a message is refused.
          this.bareLineEnd = true
          start = at
          state = 'text'
          break
      }
    }
    // A CR behind a lone dot waits: it may belong to the end.
    if (state !== 'dot-cr') this.#emit(chunk, start, length)
    this.#state = state
    this.#bits = bits
    return length
  }

  finish(): void {}

  #emit(chunk: Uint8Array, start: number, end: number): void {
    if (end <= start) return
    this.size += end - start
    if (this.sound) this.#sink.write(chunk, start, end)
  }
}
