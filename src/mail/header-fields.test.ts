import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseMessage } from '../wire/mime/parser.ts'
import { findMessageSection } from '../wire/mime/section.ts'
import { areKept, keptHeaderFields } from './header-fields.ts'
import { HEADER_FIELDS_CHARACTERS } from './limits.ts'

const corpus = path.resolve(import.meta.dirname, '../../test/corpus/mime')
const messages = readdirSync(corpus).filter(name => name.endsWith('.eml'))
const kept = (bytes: Uint8Array): string | null => keptHeaderFields(parseMessage(bytes), bytes)
const fieldsOf = (bytes: Uint8Array, fields: string[]): string =>
  Buffer.from(findMessageSection(bytes, { part: [], text: 'HEADER.FIELDS', fields })!).toString('latin1')

/** What is kept gives the same as the message, whichever of the fields are asked for. */
function expectTheSame(bytes: Uint8Array, fields: string[]): void {
  const text = kept(bytes)
  if (text !== null) expect(fieldsOf(Buffer.from(text, 'latin1'), fields)).toBe(fieldsOf(bytes, fields))
}

const asked = ['Subject', 'FROM', 'to', 'Date', 'References', 'Content-Type', 'List-Id', 'X-Priority', 'Return-Path']
const someFields = fc.subarray(asked)

it('knows which fields are kept, however they are spelt', () => {
  expect(areKept(asked)).toBe(true)
  expect(areKept(['Subject', 'X-Anything'])).toBe(false)
  expect(areKept([])).toBe(true)
})

it.each(messages)('keeps of %s what it would answer', name => {
  const bytes = readFileSync(path.join(corpus, name))
  expectTheSame(bytes, asked)
  fc.assert(fc.property(someFields, fields => expectTheSame(bytes, fields)))
})

it('keeps of any bytes what it would answer', () => {
  const piece = fc.constantFrom(
    ...[
      'Subject: one',
      'subject : two',
      'From: a@b',
      'To:\xe9',
      'X-Other: three',
      'References: <a@b>',
      '\r\n',
      '\n',
      '\r',
      ' ',
    ],
    ...['\t folded', '\r\n\r\n', 'no field', ': ', '--x', 'From someone', '>From x', '\x80', 'Date:', 'body'],
  )
  const message = fc.array(piece, { maxLength: 14 }).map(pieces => Buffer.from(pieces.join(''), 'latin1'))
  fc.assert(
    fc.property(message, someFields, (bytes, fields) => expectTheSame(bytes, fields)),
    { numRuns: 2_000 },
  )
})

it('keeps what lies between others, byte for byte, and nothing else', () => {
  const text = 'DKIM-Signature: x\r\nSubject: a\r\n\tb  \r\nX-Spam: no\r\nTO: \xe9 <a@b>\r\n\r\nSubject: body\r\n'
  expect(kept(Buffer.from(text, 'latin1'))).toBe('Subject: a\r\n\tb  \r\nTO: \xe9 <a@b>\r\n\r\n')
})

it('keeps none that are longer than the limit, nor a NUL, which the store has no text for', () => {
  const long = (length: number): Buffer => Buffer.from(`Subject: ${'x'.repeat(length - 13)}\r\n\r\n`)
  expect(kept(long(HEADER_FIELDS_CHARACTERS))).toHaveLength(HEADER_FIELDS_CHARACTERS)
  expect(kept(long(HEADER_FIELDS_CHARACTERS + 1))).toBeNull()
  expect(kept(Buffer.from('Subject: \0\r\n\r\n'))).toBeNull()
})
