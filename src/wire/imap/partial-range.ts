/** `partial-range` of PARTIAL (RFC 9394 §4): results by their place among all, from the first or from the last. */
import type { PartialRange } from './command.ts'
import type { Decoder } from './decoder.ts'

const digits = '[1-9][0-9]{0,9}'
const pattern = new RegExp(`${digits}:${digits}|-${digits}:-${digits}`, 'y')
const MAX_NUMBER = 0xffffffff

export function partialRange(decoder: Decoder): PartialRange {
  const what = 'the range of PARTIAL like 1:100 or -1:-100'
  const text = decoder.matches(pattern) ?? decoder.fail(what)
  const [from = 0, to = 0] = text.split(':').map(each => Math.abs(Number(each)))
  if (from > MAX_NUMBER || to > MAX_NUMBER) decoder.refuse(`expected ${what}, up to ${MAX_NUMBER}`)
  return { from, to, fromLast: text.startsWith('-') }
}

/** As the client wrote it. */
export function formatPartial({ from, to, fromLast }: PartialRange): string {
  const sign = fromLast ? '-' : ''
  return `${sign}${from}:${sign}${to}`
}

/** Which of `count` results it holds, from index `start` to before `end`; none where `start` is `end`. */
export function spanOf({ from, to, fromLast }: PartialRange, count: number): { start: number; end: number } {
  const nearest = Math.min(from, to) - 1
  const furthest = Math.max(from, to)
  const start = fromLast ? count - furthest : nearest
  const end = fromLast ? count - nearest : furthest
  const within = (index: number): number => Math.min(Math.max(index, 0), count)
  return { start: within(start), end: within(end) }
}
