/**
 * Sets of sequence numbers or UIDs: from a client's ranges to numbers that exist, and back to text.
 * A normalised set is in ascending order without overlap or touching ranges. Nothing here walks a range number by number
 * unless those numbers exist: "1:*" costs as much as "1".
 */
import { type NumberRange, STAR } from './command.ts'

/**
 * Puts ranges in order and joins them. "*" is the largest number in use, and in a range it counts as such even where the
 * other end is larger (RFC 9051 §9, `seq-range`): with 10 messages, "12:*" is 10 to 12.
 */
export function normaliseRanges(ranges: readonly NumberRange[], largest: number): NumberRange[] {
  const bound = (number: number): number => (number === STAR ? largest : number)
  const sorted = ranges
    .map(([from, to]): [number, number] => [Math.min(bound(from), bound(to)), Math.max(bound(from), bound(to))])
    .sort((a, b) => a[0] - b[0])
  const joined: [number, number][] = []
  for (const range of sorted) {
    const last = joined[joined.length - 1]
    if (last !== undefined && range[0] <= last[1] + 1) last[1] = Math.max(last[1], range[1])
    else joined.push(range)
  }
  return joined
}

/** Whether a normalised set holds the number. */
export function contains(ranges: readonly NumberRange[], number: number): boolean {
  let low = 0
  let high = ranges.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const [from, to] = ranges[middle]!
    if (number < from) high = middle - 1
    else if (number > to) low = middle + 1
    else return true
  }
  return false
}

/** What two normalised sets have in common. */
export function intersectRanges(a: readonly NumberRange[], b: readonly NumberRange[]): NumberRange[] {
  const common: NumberRange[] = []
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const [fromA, toA] = a[i]!
    const [fromB, toB] = b[j]!
    const from = Math.max(fromA, fromB)
    const to = Math.min(toA, toB)
    if (from <= to) common.push([from, to])
    if (toA < toB) i++
    else j++
  }
  return common
}

/** Those of the numbers, ascending, that a normalised set holds. A subarray where they are neighbours, else a copy. */
export function intersectNumbers(ranges: readonly NumberRange[], numbers: Uint32Array): Uint32Array {
  const spans: [start: number, end: number][] = []
  let count = 0
  for (const [from, to] of ranges) {
    const start = lowerBound(numbers, from)
    const end = lowerBound(numbers, to + 1)
    if (start === end) continue
    spans.push([start, end])
    count += end - start
  }
  const [only] = spans
  if (only !== undefined && spans.length === 1) return numbers.subarray(only[0], only[1])
  const found = new Uint32Array(count)
  let filled = 0
  for (const [start, end] of spans) {
    found.set(numbers.subarray(start, end), filled)
    filled += end - start
  }
  return found
}

/** Index of the first of the ascending numbers that is not less than `number`. */
export function lowerBound(numbers: Uint32Array, number: number): number {
  let low = 0
  let high = numbers.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (numbers[middle]! < number) low = middle + 1
    else high = middle
  }
  return low
}

/** How many numbers a normalised set holds. */
export function countNumbers(ranges: readonly NumberRange[]): number {
  let count = 0
  for (const [from, to] of ranges) count += to - from + 1
  return count
}

/** The numbers of a normalised set, which the caller has cut down to what exists. */
export function* numbersOf(ranges: readonly NumberRange[]): Generator<number> {
  for (const [from, to] of ranges) for (let number = from; number <= to; number++) yield number
}

/** Ranges of numbers that ascend by one; the order of the numbers is kept. */
export function rangesOf(numbers: ArrayLike<number>): NumberRange[] {
  const ranges: NumberRange[] = []
  for (let start = 0; start < numbers.length; ) {
    let end = start
    while (end + 1 < numbers.length && numbers[end + 1] === numbers[end]! + 1) end++
    ranges.push([numbers[start]!, numbers[end]!])
    start = end + 1
  }
  return ranges
}

/** `1:3,7`. */
export function formatRanges(ranges: readonly NumberRange[]): string {
  let text = ''
  for (const [from, to] of ranges) {
    if (text !== '') text += ','
    text += from === to ? formatNumber(from) : `${formatNumber(from)}:${formatNumber(to)}`
  }
  return text
}

/**
 * `1:3,7`, in the order of the numbers: so COPYUID's two sets match one by one (RFC 4315 §3), and the result of an
 * extended SORT stays sorted, with ranges only where it ascends (RFC 5267 §3.2). Empty for no numbers.
 */
export const formatNumbers = (numbers: ArrayLike<number>): string => formatRanges(rangesOf(numbers))

const formatNumber = (number: number): string => (number === STAR ? '*' : `${number}`)
