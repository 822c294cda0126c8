import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bodyOf } from '../../../test/support/imap-receive.ts'
import { type NumberRange, STAR } from './command.ts'
import {
  contains,
  countNumbers,
  formatNumbers,
  formatRanges,
  intersectNumbers,
  intersectRanges,
  lowerBound,
  normaliseRanges,
  numbersOf,
  rangesOf,
} from './number-set.ts'

const LARGEST = 40
const anyNumber = fc.integer({ min: 1, max: LARGEST })
const anyRanges = fc.array(fc.tuple(anyNumber, anyNumber), { maxLength: 12 })
const ascending = fc.uniqueArray(anyNumber).map(numbers => numbers.toSorted((a, b) => a - b))

function members(ranges: readonly NumberRange[]): number[] {
  const found = new Set<number>()
  for (const [a, b] of ranges) for (let n = Math.min(a, b); n <= Math.max(a, b); n++) found.add(n)
  return [...found].sort((a, b) => a - b)
}

describe('a number set', () => {
  it.each<[NumberRange[], number, NumberRange[]]>([
    [
      [
        [4, 2],
        [3, 3],
        [7, 7],
      ],
      10,
      [
        [2, 4],
        [7, 7],
      ],
    ],
    [
      [
        [1, 3],
        [4, 6],
      ],
      10,
      [[1, 6]],
    ],
    [[[1, STAR]], 10, [[1, 10]]],
    [[[STAR, STAR]], 10, [[10, 10]]],
    // RFC 9051 §9: "*" counts as the largest number in use, even where that is the smaller end.
    [[[12, STAR]], 10, [[10, 12]]],
    [[], 10, []],
  ])('%j with %d messages is %j', (ranges, largest, normalised) => {
    expect(normaliseRanges(ranges, largest)).toEqual(normalised)
  })

  it('keeps its numbers when it is put in order', () => {
    fc.assert(
      fc.property(anyRanges, ranges => {
        const normalised = normaliseRanges(ranges, LARGEST)
        const expected = members(ranges)
        expect([...numbersOf(normalised)]).toEqual(expected)
        expect(normalised).toEqual(rangesOf(expected))
        expect(countNumbers(normalised)).toBe(expected.length)
        for (let n = 0; n <= LARGEST + 1; n++) expect(contains(normalised, n)).toBe(expected.includes(n))
      }),
      { numRuns: 300 },
    )
  })

  it('has in common with another what is in both', () => {
    fc.assert(
      fc.property(anyRanges, anyRanges, (a, b) => {
        const common = intersectRanges(normaliseRanges(a, LARGEST), normaliseRanges(b, LARGEST))
        expect([...numbersOf(common)]).toEqual(members(a).filter(n => members(b).includes(n)))
      }),
      { numRuns: 300 },
    )
  })

  it('has in common with the numbers there are what is in both', () => {
    fc.assert(
      fc.property(anyRanges, ascending, (ranges, numbers) => {
        const found = intersectNumbers(normaliseRanges(ranges, LARGEST), Uint32Array.from(numbers))
        expect([...found]).toEqual(numbers.filter(n => members(ranges).includes(n)))
      }),
      { numRuns: 300 },
    )
  })

  it('finds where a number is, or would be', () => {
    const numbers = Uint32Array.of(2, 4, 4_294_967_295)
    expect([0, 2, 3, 4, 5, 4_294_967_295].map(n => lowerBound(numbers, n))).toEqual([0, 0, 1, 1, 2, 2])
    expect(lowerBound(numbers, 4_294_967_296)).toBe(3)
    expect([...intersectNumbers([[4, 4_294_967_295]], numbers)]).toEqual([4, 4_294_967_295])
  })

  it.each<[number[], string]>([
    [[1, 2, 3, 7], '1:3,7'],
    [[5], '5'],
    [[], ''],
    // RFC 5267 §3.3: the order of a SORT is kept, and nothing descending becomes a range.
    [[23765, 23764, 23763, 23761], '23765,23764,23763,23761'],
    [[9, 1, 2, 3, 8], '9,1:3,8'],
    [[4_294_967_294], '4294967294'],
  ])('%j is written %s', (numbers, text) => {
    expect(formatNumbers(numbers)).toBe(text)
    expect(formatNumbers(Uint32Array.from(numbers))).toBe(text)
  })

  it('comes back from the wire as it was written', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 0xfffffffe }), { minLength: 1 }), numbers => {
        const ranges = rangesOf(numbers)
        const body = bodyOf(`UID EXPUNGE ${formatRanges(ranges)}`)
        expect(body).toEqual({ name: 'EXPUNGE', set: ranges })
      }),
      { numRuns: 200 },
    )
  })

  it('costs no more for its width', () => {
    const everything: NumberRange[] = [[1, 0xfffffffe]]
    expect(countNumbers(everything)).toBe(0xfffffffe)
    expect(contains(everything, 3_000_000_000)).toBe(true)
    expect(intersectNumbers(everything, Uint32Array.of(7, 9)).length).toBe(2)
  })
})
