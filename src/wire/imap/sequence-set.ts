/** `sequence-set` as a client writes it (RFC 9051 §9, RFC 5182 §2.1). What is done with sets is in number-set.ts. */
import { type NumberRange, type SequenceSet, STAR } from './command.ts'
import type { Decoder } from './decoder.ts'
import { SET_RANGES } from './limits.ts'

const setPattern = /[0-9*:,]+/y
const rangePattern = /^([1-9][0-9]{0,9}|\*)(?::([1-9][0-9]{0,9}|\*))?$/

export function sequenceSet(decoder: Decoder, what: string): SequenceSet {
  return decoder.takes('$') ? '$' : numberRanges(decoder, what)
}

/** `seq-number`: one message. */
export function sequenceNumber(decoder: Decoder, what: string): number {
  if (decoder.takes('*')) return STAR
  // As in a set.
  return Math.min(decoder.nzNumber(what), STAR - 1)
}

/** Numbers alone: "*" is not allowed in what a client knows of a mailbox (RFC 7162 §7, `known-uids`). */
export function knownSet(decoder: Decoder, what: string): NumberRange[] {
  const ranges = numberRanges(decoder, what)
  if (ranges.some(range => range.includes(STAR))) decoder.refuse(`"*" is not allowed in ${what}`)
  return ranges
}

function numberRanges(decoder: Decoder, what: string): NumberRange[] {
  const text = decoder.matches(setPattern)
  if (text === null) return decoder.fail(what)
  const parts = text.split(',', SET_RANGES + 1)
  if (parts.length > SET_RANGES) decoder.refuse(`more than ${SET_RANGES} ranges in ${what}`, 'NO', 'LIMIT')
  return parts.map(part => {
    const found = rangePattern.exec(part)
    const from = bound(found?.[1])
    const to = bound(found?.[2] ?? found?.[1])
    if (from > STAR || to > STAR) decoder.refuse(`expected ${what} as numbers from 1 to ${STAR}, ranges and "*"`)
    return [from, to]
  })
}

function bound(text: string | undefined): number {
  if (text === undefined) return Infinity
  // The highest number, written out, is no "*" (RFC 9051 §9); no message has it or the one below.
  return text === '*' ? STAR : Number(text) === STAR ? STAR - 1 : Number(text)
}
