/** What is fuzzed: a parser, with what it is fed at first and what must hold whatever it is fed. */

export interface FuzzTarget {
  /** Also that of its folder in test/corpus/fuzz. */
  name: string
  seeds: readonly Buffer[]
  /** What its grammar is made of, so that changes keep some of its structure. */
  tokens: readonly string[]
  /** Of one input; 64 KiB where nothing is said. Less where it is read many times over. */
  mostBytes?: number
  /** Throws, or rejects, where something does not hold. Leaves the input as it is. */
  check(input: Buffer): void | Promise<void>
}

export const buffers = (...texts: string[]): Buffer[] => texts.map(text => Buffer.from(text, 'latin1'))

/** Pieces of bytes, cut at these places. */
export function piecesAt(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const sorted = [0, ...cuts.toSorted((a, b) => a - b), bytes.length]
  return sorted.slice(1).map((end, index) => bytes.subarray(sorted[index], end))
}

/** Inputs up to this length are cut everywhere; of longer ones so many octets are read again in all, the same for the same bytes. */
const ALL_CUTS = 160
const READ_AGAIN = ALL_CUTS * ALL_CUTS

/**
 * Whatever `read` makes of the whole, it makes of the same bytes cut anywhere: at every place of a short input, at some of a
 * long one, and byte by byte. `read` gets pieces of memory of their own.
 */
export function sameWhereverCut(bytes: Buffer, read: (pieces: Buffer[]) => unknown): void {
  const whole = JSON.stringify(read([Buffer.from(bytes)]))
  const cuts = Math.max(4, Math.floor(READ_AGAIN / bytes.length))
  const step = Math.max(1, Math.ceil(bytes.length / cuts))
  const ways: number[][] = []
  for (let cut = 1 + (bytes.length % step); cut < bytes.length; cut += step) ways.push([cut])
  if (bytes.length <= 2 * ALL_CUTS) ways.push(Array.from({ length: bytes.length }, (_, at) => at))
  for (const places of ways) {
    const pieces = piecesAt(bytes, places).map(piece => Buffer.from(piece))
    const cut = JSON.stringify(read(pieces))
    if (cut !== whole)
      throw new Error(`cut at ${places.length > 1 ? 'every byte' : places}: ${cut} instead of ${whole}`)
  }
}

export function holds(condition: boolean, otherwise: string): asserts condition {
  if (!condition) throw new Error(otherwise)
}

export function same(one: unknown, other: unknown, what: string): void {
  const [a, b] = [JSON.stringify(one), JSON.stringify(other)]
  if (a !== b) throw new Error(`${what}: ${a} is not ${b}`)
}
