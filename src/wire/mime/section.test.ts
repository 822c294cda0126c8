import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseMessage } from './parser.ts'
import type { SectionPath } from './section.ts'
import { decodeSection, findMessageSection, findSection } from './section.ts'
import type { MimePart } from './types.ts'

const corpus = path.resolve(import.meta.dirname, '../../../test/corpus/mime')
const load = (name: string): Buffer => readFileSync(path.join(corpus, `${name}.eml`))

function read(bytes: Buffer, section: string, ...fields: string[]): string | null {
  const [, numbers = '', text = ''] = /^([\d.]*?)\.?([A-Z.]*)$/.exec(section)!
  const part = numbers === '' ? [] : numbers.split('.').map(Number)
  const path: SectionPath = { part, text: (text || 'ALL') as SectionPath['text'], fields }
  const found = findSection(parseMessage(bytes), bytes, path)
  // Without part numbers there are two ways to the same section.
  if (part.length === 0) expect(findMessageSection(bytes, path)).toEqual(found)
  return found === null ? null : Buffer.from(found).toString('latin1')
}

describe('sections of the complex message of RFC 9051 §6.4.5.1', () => {
  const bytes = load('rfc9051-sections')
  const whole = bytes.toString('latin1')

  it.each(['1', '2', '3.1', '3.2', '4.1', '4.2.1', '4.2.2.1', '4.2.2.2'])('%s is the part that says so', part => {
    expect(read(bytes, part)).toBe(`part ${part}`)
  })

  it.each(['3', '4.2'])('%s.HEADER and .TEXT are those of the message in it, and together all of it', part => {
    expect(read(bytes, `${part}.HEADER`)).toMatch(new RegExp(`^Subject: part ${part.replace('.', '\\.')}\r\n`))
    expect(read(bytes, `${part}.HEADER`)).toMatch(/\r\n\r\n$/)
    expect(`${read(bytes, `${part}.HEADER`)}${read(bytes, `${part}.TEXT`)}`).toBe(read(bytes, part))
  })

  it('HEADER and TEXT together are the whole message', () => {
    expect(`${read(bytes, 'HEADER')}${read(bytes, 'TEXT')}`).toBe(whole)
    expect(read(bytes, '')).toBe(whole)
  })

  it('MIME is the header of the part, with its empty line', () => {
    expect(read(bytes, '4.1.MIME')).toBe('Content-Type: image/gif\r\nContent-ID: <gif@example.org>\r\n\r\n')
    expect(read(bytes, '3.1.MIME')).toBe('\r\n')
    expect(read(bytes, '4.MIME')).toBe('Content-Type: multipart/mixed; boundary=four\r\n\r\n')
  })

  it.each(['5', '0', '1.1', '2.1', '3.3', '4.2.3', '4.2.2.3', '1.HEADER', '4.TEXT', '4.1.HEADER', '5.MIME'])(
    'there is no %s',
    section => {
      expect(read(bytes, section)).toBeNull()
    },
  )
})

describe('sections of other messages', () => {
  it('part 1 of a message that is no multipart is its body', () => {
    const bytes = load('plain')
    expect(read(bytes, '1')).toBe(read(bytes, 'TEXT'))
    expect(read(bytes, '1.MIME')).toBe(read(bytes, 'HEADER'))
    for (const section of ['2', '1.1', '1.HEADER', '1.TEXT']) expect(read(bytes, section)).toBeNull()
  })

  it('a message in a message, with no multipart between, is part 1 of it', () => {
    const bytes = load('forwarded-message')
    expect(read(bytes, '2.HEADER', '')).toMatch(/^From: "Doe, Jane"/)
    expect(read(bytes, '2.1')).toMatch(/^Subject: The innermost\r\n/)
    expect(read(bytes, '2.1.HEADER')).toBe('Subject: The innermost\r\nFrom: last@example.com\r\n\r\n')
    expect(read(bytes, '2.1.1')).toBe('The end.')
    expect(read(bytes, '2.1.2')).toBeNull()
  })

  it('parts of a digest are messages without a MIME header', () => {
    const bytes = load('digest')
    expect(read(bytes, '1.MIME')).toBe('\r\n')
    expect(read(bytes, '1.HEADER.FIELDS', 'subject')).toBe('Subject: First\r\n\r\n')
    expect(read(bytes, '3.TEXT')).toBe('Body two\r\ntwo')
    expect(read(bytes, '2.HEADER')).toBeNull()
  })

  it('the one part of an empty multipart is empty', () => {
    expect(read(load('empty-multipart'), '1')).toBe('')
    expect(read(load('empty-multipart'), '2')).toBeNull()
  })

  it('every part of BODYSTRUCTURE has its section, in the whole corpus', () => {
    for (const name of readdirSync(corpus).filter(file => file.endsWith('.eml'))) {
      const bytes = readFileSync(path.join(corpus, name))
      const root = parseMessage(bytes)
      const visit = (part: MimePart, numbers: number[]): void => {
        const found = findSection(root, bytes, { part: numbers, text: 'ALL', fields: [] })
        expect(found?.byteLength, `${name} ${numbers.join('.')}`).toBe(part.bodyEnd - part.bodyStart)
        inside(part.message ?? part, numbers)
      }
      const inside = (part: MimePart, numbers: number[]): void => {
        for (const [i, child] of part.children.entries()) visit(child, [...numbers, i + 1])
        if (part.children.length === 0 && part.message !== null && numbers.length > 0) visit(part, [...numbers, 1])
      }
      if (root.children.length === 0) visit(root, [1])
      else inside(root, [])
    }
  })
})

describe('HEADER.FIELDS', () => {
  const bytes = load('rfc2231-parameters')

  it('has the named fields in any case, as folded, in the order of the message, and an empty line', () => {
    expect(read(bytes, 'HEADER.FIELDS', 'content-location', 'FROM', 'X-None')).toBe(
      'From: Ann <ann@example.org>\r\nContent-Location: http://example.org/\r\n  devis.txt\r\n\r\n',
    )
    expect(read(bytes, 'HEADER.FIELDS', 'X-None')).toBe('\r\n')
  })

  it('NOT has the others', () => {
    const others = read(bytes, 'HEADER.FIELDS.NOT', 'From', 'Date')
    expect(others).toMatch(/^To: Bob <bob@example\.net>\r\nMessage-ID: /)
    expect(others).toMatch(/\r\n\r\n$/)
    expect(others).not.toMatch(/^(?:From|Date):/m)
  })

  it('has no empty line where the message has none and no body', () => {
    expect(read(load('header-only'), 'HEADER.FIELDS', 'From')).toBe('From: ann@example.org\r\n')
    expect(read(load('header-without-line-end'), 'HEADER.FIELDS', 'Subject')).toBe('Subject: Cut off\r\n')
    expect(read(load('empty'), 'HEADER.FIELDS', 'Subject')).toBe('')
    expect(read(load('blank-line-only'), 'HEADER.FIELDS', 'Subject')).toBe('\r\n')
    expect(read(load('no-header'), 'HEADER.FIELDS', 'Subject')).toBe('\r\n')
  })

  it('leaves bare line feeds as they are', () => {
    expect(read(load('bare-lf'), 'HEADER.FIELDS', 'Subject')).toBe('Subject: Stored with bare LF\n\r\n')
  })
})

describe('decodeSection', () => {
  const decode = (bytes: Buffer, ...part: number[]): unknown => {
    const section = decodeSection(parseMessage(bytes), bytes, part)
    return section.kind === 'content' ? Buffer.from(section.bytes).toString() : section.kind
  }

  it('decodes base64 and quoted-printable', () => {
    expect(decode(load('base64-text'), 1)).toBe('Bonjour à tous,\nla réunion a lieu à 14 h.\n')
    expect(decode(load('signed'), 1)).toBe('Signé')
  })

  it('gives multiparts, messages and the whole message as they are', () => {
    const bytes = load('forwarded-message')
    expect(decode(bytes)).toBe(bytes.toString())
    expect(decode(bytes, 2)).toBe(read(bytes, '2'))
    expect(decode(load('boundary-prefix'), 1)).toMatch(/^--=_b_alt\r\n/)
  })

  it('says what is missing and what it can not decode', () => {
    expect(decode(load('plain'), 2)).toBe('missing')
    expect(decode(Buffer.from('Content-Transfer-Encoding: x-uuencode\r\n\r\nx'), 1)).toBe('unknown-encoding')
  })
})
