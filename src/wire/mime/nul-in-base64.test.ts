import fc from 'fast-check'
import { expect, it } from 'vitest'
import { nulInBase64 } from './nul-in-base64.ts'
import { parseMessage } from './parser.ts'
import { decodeBase64 } from './transfer-encoding.ts'

const stored = (lines: string[]): string =>
  Buffer.concat([...nulInBase64(Buffer.from(lines.join('\r\n'), 'latin1'))]).toString('latin1')

it('encodes the parts that hold NUL octets, and leaves all else as it is', () => {
  const message = (first: string[], third: string[]): string[] => [
    'Content-Type: multipart/mixed; boundary=b',
    'Content-Transfer-Encoding: binary',
    '',
    'before',
    '--b',
    'Content-Type: image/x',
    ...first,
    '--b',
    'Content-Transfer-Encoding: binary',
    '',
    'plain, \xe9 and a bare \n line end',
    '--b',
    'Content-Type: message/rfc822',
    '',
    ...third,
    '--b--',
    'behind',
  ]
  expect(
    stored(
      message(
        ['Content-Transfer-Encoding:', '\tBinary (as it is)', 'X-Mark: 1', '', 'a\0b', ''],
        ['content-transfer-encoding: BINARY', '', '\0'],
      ),
    ),
  ).toBe(
    message(
      ['Content-Transfer-Encoding: base64', 'X-Mark: 1', '', 'YQBiDQo='],
      ['content-transfer-encoding: base64', '', 'AA=='],
    ).join('\r\n'),
  )
})

it.each([
  ['of another encoding', ['Content-Transfer-Encoding: 8bit', '', 'a\0b']],
  ['of none', ['Subject: x', '', 'a\0b']],
  ['behind no empty line', ['Content-Transfer-Encoding: binary', '--\0']],
  ['in a header', ['Subject: \0', 'Content-Transfer-Encoding: binary', '', 'a']],
])('leaves NUL octets %s', (_, lines) => {
  expect(stored(lines)).toBe(lines.join('\r\n'))
})

it('encodes content of any length, and decoding gives it back', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 200 }),
      fc.constantFrom(0, 57, 58_367, 58_368, 58_369, 200_000),
      (end, length) => {
        const content = Buffer.concat([Buffer.alloc(length, 'x'), Buffer.of(0), end])
        const message = Buffer.concat([Buffer.from('Content-Transfer-Encoding: binary\r\n\r\n'), content])
        const encoded = Buffer.concat([...nulInBase64(message)])
        const { encoding, bodyStart } = parseMessage(encoded)
        expect(encoding).toBe('BASE64')
        expect(encoded.includes(0)).toBe(false)
        expect(
          Math.max(
            ...encoded
              .toString('latin1')
              .split('\r\n')
              .map(line => line.length),
          ),
        ).toBeLessThanOrEqual(76)
        expect(decodeBase64(encoded.subarray(bodyStart)).equals(content)).toBe(true)
      },
    ),
  )
})
