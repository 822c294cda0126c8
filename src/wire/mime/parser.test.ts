import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkStructure } from '../../../test/support/mime-structure.ts'
import { processorMsOf } from '../../../test/support/processor-time.ts'
import { HEADER_FIELDS, NESTING_LEVELS, PARTS } from './limits.ts'
import { parseMessage } from './parser.ts'
import type { MimePart } from './types.ts'

const corpus = path.resolve(import.meta.dirname, '../../../test/corpus/mime')
const messages = readdirSync(corpus)
  .filter(name => name.endsWith('.eml'))
  .map(name => readFileSync(path.join(corpus, name)))

const crlf = (text: string): Buffer => Buffer.from(text.replaceAll('\n', '\r\n'))
const parse = (text: string): MimePart => parseMessage(crlf(text))
/** `type/subtype` of each part, nested as the parts are. */
type Outline = string | [string, ...Outline[]]
const outline = (part: MimePart): Outline => {
  const inner = part.message === null ? part.children : [part.message]
  const type = `${part.type}/${part.subtype}`.toLowerCase()
  return inner.length === 0 ? type : [type, ...inner.map(outline)]
}

const check = (bytes: Buffer): void => void checkStructure(bytes)

describe('parseMessage', () => {
  it('finds the parts of nested multiparts and messages', () => {
    const root = parseMessage(readFileSync(path.join(corpus, 'rfc9051-sections.eml')))
    const mixed = 'multipart/mixed'
    expect(outline(root)).toEqual([
      mixed,
      'text/plain',
      'application/octet-stream',
      ['message/rfc822', [mixed, 'text/plain', 'application/octet-stream']],
      [
        mixed,
        'image/gif',
        ['message/rfc822', [mixed, 'text/plain', ['multipart/alternative', 'text/plain', 'text/richtext']]],
      ],
    ])
  })

  it('takes a delimiter for one of the longest boundary that begins its line', () => {
    const text =
      'Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/mixed; boundary=ab\n\n--ab\n\nx\n--abc\n\ny\n--ab--\n--a--\n'
    expect(outline(parse(text))).toEqual(['multipart/mixed', ['multipart/mixed', 'text/plain', 'text/plain']])
  })

  it('leaves the line end before a delimiter to the delimiter', () => {
    const bytes = crlf('Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n\n--b\n\n--b--\n')
    const [first, second] = parseMessage(bytes).children
    expect(bytes.toString('latin1', first!.bodyStart, first!.bodyEnd)).toBe('one\r\n')
    expect(second!.bodyEnd).toBe(second!.bodyStart)
  })

  it('stops taking apart what is nested too deep, and shows it as data', () => {
    const levels = NESTING_LEVELS + 20
    let text = ''
    for (let i = 0; i < levels; i++) text += `Content-Type: multipart/mixed; boundary=b${i}-\n\n--b${i}-\n`
    let depth = 0
    let part = parse(`${text}\nx\n`)
    for (; part.children[0] !== undefined; part = part.children[0]) depth++
    expect(depth).toBe(NESTING_LEVELS)
    expect(outline(part)).toBe('application/octet-stream')
    const messages = 'Content-Type: message/rfc822\n\n'.repeat(levels)
    depth = 0
    for (part = parse(messages); part.message !== null; part = part.message) depth++
    expect(depth).toBe(NESTING_LEVELS)
  })

  it('stops at its number of parts, and keeps all bytes', () => {
    const bytes = crlf(`Content-Type: multipart/mixed; boundary=b\n\n${'--b\n\nx\n'.repeat(PARTS + 100)}--b--\n`)
    const root = parseMessage(bytes)
    expect(root.children).toHaveLength(PARTS - 1)
    expect(root.bodyEnd).toBe(bytes.length)
  })

  it('stops recording header fields, and still finds the body', () => {
    const root = parse(`${'a: b\n'.repeat(HEADER_FIELDS + 100)}\nbody`)
    expect(root.header).toHaveLength(HEADER_FIELDS)
    expect(root.bodyEnd - root.bodyStart).toBe(4)
  })

  it('takes a message apart that is labelled as encoded and is not; one that is encoded stays whole', () => {
    const inside = (encoding: string, body: string): Outline =>
      outline(parse(`Content-Type: message/rfc822\nContent-Transfer-Encoding: ${encoding}\n\n${body}`))
    const plain = 'Subject: x\nContent-Type: text/html; charset=utf-8\n\ny=3D\n'
    for (const encoding of ['base64', 'quoted-printable', '8bit', 'unheard-of'])
      expect(inside(encoding, plain), encoding).toEqual(['message/rfc822', 'text/html'])
    expect(inside('quoted-printable', 'Subject: x\n\ny')).toEqual(['message/rfc822', 'text/plain'])
    expect(inside('base64', 'U3ViamVjdDogeA0KDQp5DQo=\n')).toBe('message/rfc822')
    expect(inside('quoted-printable', 'Subject: x\nContent-Type: text/html; charset=3Dutf-8\n\ny=3D\n')).toBe(
      'message/rfc822',
    )
    for (const body of ['', '\n', 'text', ' x: y\n', '\nSubject: x\n'])
      expect(inside('base64', body), JSON.stringify(body)).toBe('message/rfc822')
  })

  it.each([
    ['Transfer-Encoding: (foo) base64', { encoding: 'BASE64' }],
    ['Transfer-Encoding: "base64"', { encoding: 'BASE64' }],
    ['Transfer-Encoding: base64 (a (b)) x', { encoding: 'BASE64' }],
    ['Transfer-Encoding: base64; x=y', { encoding: 'BASE64' }],
    ['Transfer-Encoding: (foo)', { encoding: '7BIT' }],
    ['Disposition: "attachment"; filename=x', { disposition: { type: 'ATTACHMENT', parameters: [['FILENAME', 'x']] } }],
    [
      'Disposition: (a)attachment(b);filename=x',
      { disposition: { type: 'ATTACHMENT', parameters: [['FILENAME', 'x']] } },
    ],
    ['Disposition: attachment filename=x', { disposition: { type: 'ATTACHMENT', parameters: [] } }],
    ['Disposition: ; filename=x', { disposition: null }],
    [
      'Type: a/b; x="a\n   b.txt";\n\ty="a\n\tb"',
      {
        parameters: [
          ['X', 'a   b.txt'],
          ['Y', 'a b'],
        ],
      },
    ],
    ['Disposition: attachment;\n filename="a \n  b"', { disposition: { parameters: [['FILENAME', 'a   b']] } }],
    ['Description: a\n   b', { description: 'a b' }],
    ['Language: en fr', { language: ['en', 'fr'] }],
    ['Language: "en" (a, (b)),fr ,', { language: ['en', 'fr'] }],
  ])('reads Content-%s', (field, expected) => {
    expect(parse(`Content-${field}\n\nx`)).toMatchObject(expected)
  })

  it('keeps the defaults where Content-Type can not be understood', () => {
    for (const type of [
      '',
      'text',
      'text/',
      '/plain',
      'a/b/c',
      'text plain',
      'multipart/mixed',
      `multipart/mixed; boundary=${'b'.repeat(300)}`,
    ])
      expect(parse(`Content-Type: ${type}\n\nx`), type).toMatchObject({
        type: 'TEXT',
        subtype: 'PLAIN',
        parameters: [['CHARSET', 'US-ASCII']],
      })
  })
})

describe('any bytes', () => {
  it.each(messages)('of the corpus have offsets in order, inside the message (%#)', bytes => check(bytes))

  it('cut off anywhere have them too', () => {
    fc.assert(
      fc.property(fc.constantFrom(...messages), fc.nat(), (bytes, at) =>
        check(bytes.subarray(0, at % (bytes.length + 1))),
      ),
      { numRuns: 300 },
    )
  })

  it('made of what parsers stumble over have them too', () => {
    const tokens = fc.constantFrom(
      ...[
        '\r\n',
        '\n',
        '\r',
        '\r\n\r\n',
        ' ',
        '\t',
        ':',
        '-',
        '--',
        '--a',
        '--ab',
        '--a--',
        '--ab--',
        'x',
        '\0',
        '\xff',
      ],
      ...['Content-Type: multipart/mixed; boundary=a\r\n', 'Content-Type: multipart/digest; boundary=ab\n'],
      ...['Content-Type: message/rfc822\r\n', 'Content-Type: text/plain\r\n', 'From ', 'A: b\r\n'],
    )
    fc.assert(
      fc.property(fc.array(tokens, { maxLength: 40 }), list => check(Buffer.from(list.join(''), 'latin1'))),
      { numRuns: 1_000 },
    )
  })

  it('at all have them too', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), bytes => check(Buffer.from(bytes))))
  })
})

describe('time', () => {
  const boundary = 'b'.repeat(180)
  const nested = Array.from(
    { length: NESTING_LEVELS - 1 },
    (_, i) => `Content-Type: multipart/mixed; boundary=${boundary}${i}\n\n--${boundary}${i}\n`,
  ).join('')
  it.each([
    [
      'lines that nearly are delimiters of a hundred multiparts',
      (n: number) => `${nested}\n${`--${boundary}\n`.repeat(n / 180)}`,
    ],
    ['short lines that begin as delimiters', (n: number) => `${nested}\n${'--\n'.repeat(n / 3)}`],
    ['delimiters alone', (n: number) => `Content-Type: multipart/mixed; boundary=b\n\n${'--b\n'.repeat(n / 4)}`],
    [
      'multiparts opened again and again',
      (n: number) => `${'Content-Type: multipart/mixed; boundary=b\n\n--b\n'.repeat(n / 48)}`,
    ],
    [
      'messages inside messages',
      (n: number) => `${'Content-Type: message/rfc822\n\n'.repeat(99)}${'x\n'.repeat(n / 2)}`,
    ],
    [
      'messages inside messages that are labelled as encoded',
      (n: number) =>
        `${'Content-Type: message/rfc822\nContent-Transfer-Encoding: quoted-printable\n\n'.repeat(99)}${'x: y\n'.repeat(n / 5)}`,
    ],
    ['one header field without end', (n: number) => `Subject: ${' x\n'.repeat(n / 3)}`],
    ['header fields without end', (n: number) => 'a:b\n'.repeat(n / 4)],
    ['empty lines', (n: number) => `Content-Type: multipart/mixed; boundary=b\n\n${'\n'.repeat(n)}`],
    ['one line', (n: number) => `Content-Type: multipart/mixed; boundary=b\n\n${'-'.repeat(n)}`],
  ])('is linear for %s', (_, make) => {
    const small = crlf(make(200_000))
    const large = crlf(make(1_600_000))
    const fastest = (bytes: Buffer): number => {
      let best = Number.POSITIVE_INFINITY
      for (let i = 0; i < 3; i++)
        best = Math.min(
          best,
          processorMsOf(() => parseMessage(bytes)),
        )
      return best
    }
    fastest(small)
    // Eight times the bytes: quadratic work would take 64 times as long.
    expect(fastest(large)).toBeLessThan(24 * fastest(small) + 20)
  })
})
