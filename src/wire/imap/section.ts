/** Sections of a message, as in `BODY[1.2.HEADER.FIELDS (Date)]<0.100>` (RFC 9051 §6.4.5.1, §9 `section`). */
import type { Section } from './command.ts'
import type { Decoder } from './decoder.ts'
import { HEADER_FIELDS, SECTION_PARTS } from './limits.ts'

const partPattern = /[0-9]+(?:\.[0-9]+)*/y
const textPattern = /HEADER\.FIELDS\.NOT|HEADER\.FIELDS|HEADER|TEXT|MIME/iy
// ftext of RFC 5322 §3.6.8: anything else can't be a field's name, so the request is a mistake.
const fieldName = /^[\x21-\x39\x3b-\x7e]+$/
// What an atom may not hold goes back in quotation marks.
const notAstring = /[(){%*"\\]/

export interface PartialRange {
  offset: number
  length: number
}

/** Behind the "[", up to and with the "]". */
export function section(decoder: Decoder): Section {
  const part = partNumbers(decoder)
  if (part.length > 0 && !decoder.takes('.')) {
    close(decoder)
    return { part, text: 'ALL', fields: [] }
  }
  const text = decoder.matches(textPattern)?.toUpperCase() ?? null
  if (text === null) {
    if (part.length > 0 || !decoder.sees(']'))
      decoder.fail('HEADER, HEADER.FIELDS, TEXT, MIME or a part number in the section')
    close(decoder)
    return { part, text: 'ALL', fields: [] }
  }
  // MIME is the header of a part; the message as a whole has HEADER (RFC 9051 §6.4.5.1).
  if (text === 'MIME' && part.length === 0) decoder.refuse('expected a part number before MIME in the section')
  const fields = text === 'HEADER.FIELDS' || text === 'HEADER.FIELDS.NOT' ? fieldNames(decoder) : []
  close(decoder)
  return { part, text: text as Section['text'], fields }
}

/** BINARY knows only part numbers (RFC 3516 §7, `section-binary`). */
export function binarySection(decoder: Decoder): number[] {
  const part = partNumbers(decoder)
  close(decoder)
  return part
}

/** `<offset.length>`, or null. A client that says what answers say, `<offset>` alone, gets all that lies behind. */
export function partial(decoder: Decoder): PartialRange | null {
  if (!decoder.takes('<')) return null
  const offset = decoder.number64('the offset of the partial fetch')
  const length = decoder.takes('.') ? decoder.number64('the length of the partial fetch', 1) : Number.MAX_SAFE_INTEGER
  decoder.expect('>', 'a closing angle bracket behind the partial fetch')
  return { offset, length }
}

/** The section within its brackets, with the origin of a partial fetch: `[1.MIME]<0>`. */
export function formatSection({ part, text, fields }: Section, partial: PartialRange | null): string {
  const words = [...part.map(String), ...(text === 'ALL' ? [] : [text])].join('.')
  const list = fields.length === 0 ? '' : ` (${fields.map(formatFieldName).join(' ')})`
  return `[${words}${list}]${formatOrigin(partial)}`
}

export const formatOrigin = (partial: PartialRange | null): string => (partial === null ? '' : `<${partial.offset}>`)

function formatFieldName(name: string): string {
  return notAstring.test(name) ? `"${name.replace(/["\\]/g, '\\$&')}"` : name
}

function partNumbers(decoder: Decoder): number[] {
  const text = decoder.matches(partPattern)
  if (text === null) return []
  const numbers = text.split('.', SECTION_PARTS + 1).map(Number)
  if (numbers.length > SECTION_PARTS)
    decoder.refuse(`more than ${SECTION_PARTS} part numbers in a section`, 'NO', 'LIMIT')
  if (numbers.some(number => number < 1 || number > 0xffffffff))
    decoder.refuse('expected part numbers from 1 to 4294967295')
  return numbers
}

function fieldNames(decoder: Decoder): string[] {
  decoder.space('the list of header fields')
  return decoder.filledList(
    'the header fields',
    () => {
      const name = decoder.astringBytes('the name of a header field')
      return fieldName.test(name) ? name : decoder.refuse('the name of a header field holds what no name may')
    },
    HEADER_FIELDS,
  )
}

function close(decoder: Decoder): void {
  decoder.expect(']', 'a closing bracket behind the section')
}
