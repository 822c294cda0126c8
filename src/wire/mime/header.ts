/**
 * Header fields: where they are in the bytes, and what they say as text (RFC 5322 §2.2, RFC 6532). Scanning copies nothing
 * but the names; a value becomes a string when asked for.
 */
import { decodeUnlabelled } from './charset.ts'
import { decodeEncodedWords } from './encoded-word.ts'
import { FIELD_BYTES, HEADER_BYTES, HEADER_FIELDS } from './limits.ts'
import type { HeaderField } from './types.ts'

const TAB = 0x09
const LF = 0x0a
const CR = 0x0d
const SPACE = 0x20
const COLON = 0x3a
const DASH = 0x2d
const DELETE = 0x7f

/** What is left to record of a message's headers; shared by all its parts. */
export interface HeaderBudget {
  fields: number
  bytes: number
}

export const headerBudget = (): HeaderBudget => ({ fields: HEADER_FIELDS, bytes: HEADER_BYTES })

export interface ScannedHeader {
  fields: HeaderField[]
  /** Behind the empty line, or where the header ends without one. */
  bodyStart: number
}

/**
 * Finds the fields of the header at `start`. It ends with an empty line, at a line for which `isDelimiter` is true, and at
 * the end of the bytes. Lines that are no field, as those of a badly folded one, are passed over; but where the very first
 * line is none, there is no header and all is body.
 */
export function scanHeader(
  bytes: Buffer,
  start: number,
  budget: HeaderBudget,
  isDelimiter: (at: number) => boolean,
): ScannedHeader {
  const fields: HeaderField[] = []
  let open: HeaderField | null = null
  let at = start
  while (at < bytes.length) {
    const first = bytes[at]!
    if (first === LF) return { fields, bodyStart: at + 1 }
    if (first === CR && bytes[at + 1] === LF) return { fields, bodyStart: at + 2 }
    if (first === DASH && isDelimiter(at)) break
    const isFolded = first === SPACE || first === TAB
    const colon = isFolded ? -1 : findColon(bytes, at)
    if (colon < 0) {
      if (at === start && !isFromLine(bytes, at)) return { fields, bodyStart: start }
      // A delimiter of the multipart whose own header this is: the empty line before it is missing.
      if (first === DASH && bytes[at + 1] === DASH) return { fields, bodyStart: at }
    }
    const end = lineEnd(bytes, colon < 0 ? at : colon)
    if (!isFolded) open = null
    if (open !== null) open.end = end
    else if (colon >= 0 && budget.fields > 0 && budget.bytes > 0) {
      open = { name: bytes.toString('latin1', at, colon).trimEnd(), start: at, valueStart: colon + 1, end }
      fields.push(open)
      budget.fields--
    }
    budget.bytes -= end - at
    at = end
  }
  return { fields, bodyStart: at }
}

/** The header of a message alone, where its parts don't matter. */
export function readHeader(bytes: Uint8Array): ScannedHeader {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return scanHeader(buffer, 0, headerBudget(), () => false)
}

/** Of a field's name at `at`; -1 where there is none. RFC 5322 §4.5: white space may stand between name and colon. */
function findColon(bytes: Buffer, at: number): number {
  let isNameOver = false
  for (let i = at; i < bytes.length; i++) {
    const byte = bytes[i]!
    if (byte === COLON) return i > at ? i : -1
    if (byte === SPACE || byte === TAB) isNameOver = true
    else if (byte < SPACE || byte === DELETE || isNameOver) return -1
  }
  return -1
}

/** Whether the line at `at` is one that a message's header begins with. */
export function beginsHeader(bytes: Buffer, at: number): boolean {
  return isField(bytes, at) || isFromLine(bytes, at)
}

/** Whether a field begins at `at`. */
function isField(bytes: Buffer, at: number): boolean {
  return bytes[at] !== SPACE && bytes[at] !== TAB && findColon(bytes, at) >= 0
}

/** Behind the line end at or after `at`. */
function lineEnd(bytes: Buffer, at: number): number {
  for (let i = at; i < bytes.length; i++) if (bytes[i] === LF) return i + 1
  return bytes.length
}

/** The separator of the mbox format, left in place by some programs, quoted or not. */
function isFromLine(bytes: Buffer, at: number): boolean {
  return /^>?From /.test(bytes.toString('latin1', at, at + 6))
}

/**
 * The field's value on one line, without white space around it; encoded words are kept. A fold, with the white space on both
 * its sides, is one space: programs fold with tabs, or leave the space before it. `limit`: in bytes.
 */
export function fieldText(bytes: Uint8Array, field: HeaderField, limit = FIELD_BYTES): string {
  const text = trimmedValue(bytes, field, limit)
  return text.includes('\n') ? unfolded(text) : text
}

/** The same, but of a fold only the line end goes (RFC 5322 §2.2.3); a tab behind it counts as a space. */
export function exactFieldText(bytes: Uint8Array, field: HeaderField, limit = FIELD_BYTES): string {
  return trimmedValue(bytes, field, limit).replace(/\r?\n[ \t]/g, ' ')
}

function trimmedValue(bytes: Uint8Array, field: HeaderField, limit: number): string {
  let start = field.valueStart
  let end = Math.min(field.end, start + limit)
  while (start < end && isSpace(bytes[start]!)) start++
  while (end > start && isSpace(bytes[end - 1]!)) end--
  return decodeUnlabelled(bytes.subarray(start, end))
}

function unfolded(text: string): string {
  let line = ''
  let start = 0
  for (let fold = text.indexOf('\n'); fold >= 0; fold = text.indexOf('\n', start)) {
    let end = fold
    while (end > start && isSpace(text.charCodeAt(end - 1))) end--
    line += `${text.slice(start, end)} `
    start = fold + 1
    while (isSpace(text.charCodeAt(start))) start++
  }
  return line + text.slice(start)
}

/** The same, for people: encoded words decoded. */
export function decodedFieldText(bytes: Uint8Array, field: HeaderField): string {
  return decodeEncodedWords(fieldText(bytes, field))
}

function isSpace(byte: number): boolean {
  return byte === SPACE || byte === TAB || byte === CR || byte === LF
}
