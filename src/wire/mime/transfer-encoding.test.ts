import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  decodeBase64,
  decodeInPieces,
  decodeQuotedPrintable,
  decodeTransferEncoding,
  encodeBase64,
  encodeQuotedPrintable,
} from './transfer-encoding.ts'

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1')
const inPieces = (body: Uint8Array, encoding: string, size: number): string =>
  Buffer.concat([...decodeInPieces(body, encoding, size)]).toString('latin1')

describe('quoted-printable', () => {
  it.each([
    ['escapes in either case', 'Caf=C3=A9 =c3=a9', 'Caf\xc3\xa9 \xc3\xa9'],
    ['soft line breaks', 'one =\r\ntwo=\nthree', 'one twothree'],
    ['soft line breaks with white space added on the way', 'one= \t\r\ntwo', 'onetwo'],
    ['a soft line break at the very end', 'one=', 'one'],
    ['no white space at line ends', 'one \t\r\ntwo  \nthree=20\r\n', 'one\r\ntwo\nthree \r\n'],
    ['white space before a soft line break', 'one =\r\n', 'one '],
    ['what is no escape as it stands', '=XY =4 a=b', '=XY =4 a=b'],
    ['8-bit bytes as they stand', 'd\xe9', 'd\xe9'],
    ['bare CR as it stands', 'a\rb\r\r\n', 'a\rb\r\n'],
  ])('decodes %s', (_, encoded, decoded) => {
    expect(decodeQuotedPrintable(bytes(encoded)).toString('latin1')).toBe(decoded)
  })

  it('gives back what was encoded, in lines of 76 characters at most, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), content => {
        const encoded = encodeQuotedPrintable(content)
        expect(Buffer.from(decodeQuotedPrintable(bytes(encoded)))).toEqual(Buffer.from(content))
        expect(encoded).toMatch(/^(?:[\t\x20-\x7e]{0,76}\r\n)*[\t\x20-\x7e]{0,76}$/)
        expect(encoded).not.toMatch(/[ \t](?:\r\n|$)/)
      }),
    )
  })

  it('keeps line ends of text as line ends', () => {
    expect(encodeQuotedPrintable(Buffer.from('Été \r\nfini\r\n'))).toBe('=C3=89t=C3=A9=20\r\nfini\r\n')
  })
})

describe('base64', () => {
  it.each([
    ['lines', 'Qm9u\r\nam91\r\ncg==\r\n', 'Bonjour'],
    ['missing padding', 'Qm9uam91cg', 'Bonjour'],
    ['strangers between', 'Qm9u*am91!\x00cg==', 'Bonjour'],
    ['pieces that were padded apart', 'Qm9u\r\nYQ==\r\nYg==\r\n', 'Bonab'],
    ['nothing but pieces cut short', 'YQ=YWI=Y=YW=', 'aaba'],
    ['a footer that someone appended', 'Qm9u\r\n--_', 'Bon'],
  ])('decodes %s', (_, encoded, decoded) => {
    expect(decodeBase64(bytes(encoded)).toString('latin1')).toBe(decoded)
  })

  it('gives back what was encoded, in lines of 76 characters', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), content => {
        const encoded = encodeBase64(content)
        expect(Buffer.from(decodeBase64(bytes(encoded)))).toEqual(Buffer.from(content))
        expect(encoded).toMatch(/^(?:[A-Za-z0-9+/=]{1,76}\r\n)*$/)
      }),
    )
  })
})

describe('decoding in pieces', () => {
  const size = fc.integer({ min: 3, max: 90 })

  it('is the same as decoding at once, wherever base64 is cut', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), size, (content, pieceBytes) => {
        expect(inPieces(bytes(encodeBase64(content)), 'BASE64', pieceBytes)).toBe(
          Buffer.from(content).toString('latin1'),
        )
      }),
    )
  })

  it('is the same as decoding at once, wherever quoted-printable is cut', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.integer({ min: 80, max: 200 }), (content, pieceBytes) => {
        const encoded = bytes(encodeQuotedPrintable(content))
        expect(inPieces(encoded, 'QUOTED-PRINTABLE', pieceBytes)).toBe(Buffer.from(content).toString('latin1'))
      }),
    )
  })

  it('does not cut an escape of a line without end', () => {
    expect(inPieces(bytes('=C3=A9'.repeat(20)), 'QUOTED-PRINTABLE', 10)).toBe('\xc3\xa9'.repeat(20))
    expect(inPieces(bytes('=='.repeat(20)), 'QUOTED-PRINTABLE', 3)).toMatch(/^=+$/)
  })
})

it('leaves identity encodings alone and knows no others', () => {
  const body = bytes('a=\x00')
  for (const encoding of ['7BIT', '8BIT', 'BINARY']) expect(decodeTransferEncoding(body, encoding)).toBe(body)
  expect(decodeTransferEncoding(body, 'X-UUENCODE')).toBeNull()
})
