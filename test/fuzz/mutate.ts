/** Changes to inputs: some blind, some that keep what the grammar is made of. The same seed gives the same changes. */
import type { FuzzTarget } from './target.ts'

export type Random = (below: number) => number

/** mulberry32 */
export function randomOf(seed: number): Random {
  let state = seed >>> 0
  return below => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}

/** Larger ones are cut. */
export const INPUT_BYTES = 64 * 1024

const numbers = [
  '0',
  '-1',
  '1',
  '255',
  '65536',
  '2147483648',
  '4294967295',
  '4294967296',
  '9223372036854775808',
  '1e9',
  '00000000001',
]
const characters = [
  '\0',
  '\r',
  '\n',
  '\r\n',
  '\t',
  ' ',
  '"',
  '\\',
  '(',
  ')',
  '<',
  '>',
  ',',
  ';',
  ':',
  '=',
  '?',
  '\xff',
  '\xc3\xa9',
  '\xf0\x9f\x98\x80',
  '\xed\xa0\x80',
]

export function mutate(random: Random, pool: readonly Buffer[], { tokens, mostBytes }: FuzzTarget): Buffer {
  let bytes = pick(random, pool)
  // Most changes are few, so that what was built up is not lost.
  for (let left = 1 + random(1 + random(6)); left > 0; left--) bytes = change(random, bytes, pool, tokens)
  return bytes.subarray(0, mostBytes ?? INPUT_BYTES)
}

const pick = <T>(random: Random, from: readonly T[]): T => from[random(from.length)]!

function change(random: Random, bytes: Buffer, pool: readonly Buffer[], tokens: readonly string[]): Buffer {
  const at = random(bytes.length + 1)
  const end = Math.min(bytes.length, at + 1 + random(1 << random(10)))
  const insert = (what: Buffer, over = 0): Buffer =>
    Buffer.concat([bytes.subarray(0, at), what, bytes.subarray(at + over)])
  switch (random(11)) {
    case 0: {
      if (bytes.length === 0) return bytes
      const flipped = Buffer.from(bytes)
      flipped[at % bytes.length]! ^= 1 << random(8)
      return flipped
    }
    case 1:
      return insert(Buffer.from([random(256)]), random(2))
    case 2:
      return insert(Buffer.alloc(0), end - at)
    case 3:
      return insert(bytes.subarray(at, end))
    case 4:
      return insert(latin1(pick(random, characters)), random(3))
    case 5:
      return insert(latin1(tokens.length > 0 ? pick(random, tokens) : 'x'), random(2) * random(8))
    case 6: {
      const other = pick(random, pool)
      const from = random(other.length + 1)
      return insert(other.subarray(from, from + 1 + random(200)), random(2) * random(50))
    }
    case 7:
      return insert(latin1(pick(random, numbers)), random(4))
    case 8: {
      // What costs more than it is long shows itself when it is repeated.
      const what = random(2)
        ? bytes.subarray(at, Math.min(end, at + 64))
        : latin1(pick(random, [...tokens, ...characters]))
      if (what.length === 0) return bytes
      return insert(Buffer.concat(Array(1 + random(1 << random(14))).fill(what)).subarray(0, INPUT_BYTES))
    }
    case 9:
      return bytes.subarray(0, at)
    default:
      return swapLines(random, bytes)
  }
}

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1')

function swapLines(random: Random, bytes: Buffer): Buffer {
  const lines = bytes.toString('latin1').split('\n')
  const [one, other] = [random(lines.length), random(lines.length)]
  ;[lines[one], lines[other]] = [lines[other]!, lines[one]!]
  return latin1(lines.join('\n'))
}
