import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeUtf7, encodeUtf7 } from './utf7.ts'

describe('modified UTF-7', () => {
  it.each([
    ['INBOX', 'INBOX'],
    ['R&D', 'R&-D'],
    ['&', '&-'],
    ['&&', '&-&-'],
    // RFC 3501 §5.1.3.
    ['~peter/mail/台北/日本語', '~peter/mail/&U,BTFw-/&ZeVnLIqe-'],
    ['Entwürfe', 'Entw&APw-rfe'],
    ['Éléments envoyés', '&AMk-l&AOk-ments envoy&AOk-s'],
    ['☺!', '&Jjo-!'],
    ['😀', '&2D3eAA-'],
    ['a\tb', 'a&AAk-b'],
    ['é&é', '&AOk-&-&AOk-'],
    ['', ''],
  ])('of %j is %j', (name, encoded) => {
    expect(encodeUtf7(name)).toBe(encoded)
    expect(decodeUtf7(encoded)).toBe(name)
  })

  it.each([
    ['&', 'a shift that does not end'],
    ['R&D', 'a shift that does not end'],
    ['&AOk', 'base64 that does not end'],
    ['&AOk-é', '8-bit text'],
    ['a\tb', 'a control character'],
    ['&AGE-', 'printing ASCII in base64'],
    ['&ACY-', 'an ampersand in base64'],
    ['&AOkA-', 'half a character'],
    ['&AOl-', 'padding bits that are set'],
    ['&A-', 'a length base64 does not have'],
    ['&AOk=-', 'padding'],
    ['&AO/p-', 'the slash of plain base64'],
    ['&2D0-', 'half a surrogate pair'],
    ['&3gDYPQ-', 'surrogates in the wrong order'],
    ['&U,BTFw-&ZeVnLIqe-', 'a superfluous shift (RFC 3501 §5.1.3)'],
  ])('refuses %j: %s', text => {
    expect(decodeUtf7(text)).toBeNull()
  })

  it('comes back as it was, in printable ASCII', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), name => {
        const encoded = encodeUtf7(name)
        expect(encoded).toMatch(/^[\x20-\x7e]*$/)
        expect(decodeUtf7(encoded)).toBe(name)
      }),
      { numRuns: 500 },
    )
  })

  it('has one form for each name', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'&AOk-/,+=zé2D') }), text => {
        const name = decodeUtf7(text)
        if (name !== null) expect(encodeUtf7(name)).toBe(text)
      }),
      { numRuns: 2_000 },
    )
  })
})
