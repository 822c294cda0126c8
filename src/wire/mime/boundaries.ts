/**
 * The boundaries of the multiparts that are open at one place of a message, innermost last.
 *
 * A delimiter is recognised by its beginning, as RFC 2046 §5.1.1 asks, and where several boundaries begin a line the
 * longest wins, since one multipart's boundary is often a prefix of another's. The work for a line depends on its first
 * `BOUNDARY_BYTES` bytes alone, not on how many boundaries are open: each prefix of the line is hashed once.
 */
import { BOUNDARY_BYTES } from './limits.ts'

interface Open {
  boundary: Buffer
  hash: number
  /** The level that had this hash before, or -1. */
  hidden: number
}

const LF = 0x0a
const DASH = 0x2d
const FNV_OFFSET = 0x811c9dc5
const FNV_PRIME = 0x01000193

const NONE = new Uint8Array(0)

export class Boundaries {
  readonly #open: Open[] = []
  readonly #byHash = new Map<number, number>()
  /** How many are open of each length; empty until there is one, as most messages are no multipart. */
  #lengths = NONE
  #longest = 0

  get depth(): number {
    return this.#open.length
  }

  /** Returns the level, which `pop` takes away again. */
  push(boundary: Buffer): number {
    let hash = FNV_OFFSET
    for (const byte of boundary) hash = Math.imul(hash ^ byte, FNV_PRIME)
    if (this.#lengths === NONE) this.#lengths = new Uint8Array(BOUNDARY_BYTES + 1)
    const level = this.#open.length
    this.#open.push({ boundary, hash, hidden: this.#byHash.get(hash) ?? -1 })
    this.#byHash.set(hash, level)
    this.#lengths[boundary.length] = this.#lengths[boundary.length]! + 1
    if (boundary.length > this.#longest) this.#longest = boundary.length
    return level
  }

  pop(): void {
    const top = this.#open.pop()
    if (top === undefined) return
    if (top.hidden < 0) this.#byHash.delete(top.hash)
    else this.#byHash.set(top.hash, top.hidden)
    this.#lengths[top.boundary.length] = this.#lengths[top.boundary.length]! - 1
    while (this.#longest > 0 && this.#lengths[this.#longest] === 0) this.#longest--
  }

  /** The level whose delimiter begins at `at`, or -1. */
  levelAt(bytes: Buffer, at: number): number {
    if (bytes[at] !== DASH || bytes[at + 1] !== DASH) return -1
    const start = at + 2
    const longest = Math.min(this.#longest, bytes.length - start)
    let found = -1
    let hash = FNV_OFFSET
    for (let length = 1; length <= longest; length++) {
      const byte = bytes[start + length - 1]!
      if (byte === LF) break
      hash = Math.imul(hash ^ byte, FNV_PRIME)
      if (this.#lengths[length] === 0) continue
      const level = this.#byHash.get(hash)
      if (level === undefined) continue
      const { boundary } = this.#open[level]!
      if (boundary.length === length && boundary.compare(bytes, start, start + length) === 0) found = level
    }
    return found
  }

  /** Whether the delimiter at `at` closes the multipart of that level. */
  closesAt(bytes: Buffer, at: number, level: number): boolean {
    const behind = at + 2 + (this.#open[level]?.boundary.length ?? 0)
    return bytes[behind] === DASH && bytes[behind + 1] === DASH
  }
}
