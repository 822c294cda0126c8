/** Literals as the receiver meets them: the marker at a line's end, then its octets (RFC 9051 §4.3, RFC 7888, RFC 3516 §4.4). */
import { freeMemory } from '../memory.ts'
import type { InputQueue } from './input-queue.ts'
import { LITERAL_FIRST_ALLOCATION } from './limits.ts'

const markerPattern = /(~?)\{([0-9]+)(\+?)\}$/
/** Longer than any marker that announces a number of 64 bits, so the tail of a line too long to keep still shows it. */
export const MARKER_BYTES = 32
const MAX_NUMBER64 = 9_223_372_036_854_775_807n

export interface Announcement {
  /** Octets to come; Infinity where the number is not one of 63 bits. */
  size: number
  /** Whether the client waits for "+" before it sends them. */
  synchronising: boolean
}

/** What the line's end announces, or null. */
export function readAnnouncement(line: string): Announcement | null {
  // A line seldom ends so; the pattern would look for its start at each brace.
  if (!line.endsWith('}')) return null
  const found = markerPattern.exec(line.slice(-MARKER_BYTES))
  if (found === null) return null
  const [, , digits = '', plus] = found
  const size = BigInt(digits) > MAX_NUMBER64 ? Infinity : Number(digits)
  return { size, synchronising: plus === '' }
}

/** Collects one literal. Memory follows what has come, not what was announced; copying stays linear in it. */
export class LiteralCollector {
  readonly #size: number
  #buffer: Buffer
  #filled = 0

  constructor(size: number) {
    this.#size = size
    this.#buffer = Buffer.allocUnsafeSlow(Math.min(size, LITERAL_FIRST_ALLOCATION))
  }

  /** Bytes of memory. */
  get held(): number {
    return this.#buffer.length
  }

  /** Takes what is there; returns the octets once all are. */
  take(input: InputQueue): Uint8Array | null {
    for (;;) {
      this.#filled += input.copyInto(this.#buffer, this.#filled)
      if (this.#filled === this.#size) return this.#buffer
      if (input.length === 0) return null
      const larger = Buffer.allocUnsafeSlow(Math.min(this.#size, this.#buffer.length * 2))
      this.#buffer.copy(larger, 0, 0, this.#filled)
      freeMemory(this.#buffer)
      this.#buffer = larger
    }
  }
}
