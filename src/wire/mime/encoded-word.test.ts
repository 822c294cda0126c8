import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeEncodedWords, encodeWords } from './encoded-word.ts'

describe('decodeEncodedWords', () => {
  it.each([
    // RFC 2047 §8.
    ['=?US-ASCII?Q?Keith_Moore?=', 'Keith Moore'],
    ['=?ISO-8859-1?Q?Keld_J=F8rn_Simonsen?=', 'Keld Jørn Simonsen'],
    ['=?ISO-8859-1?Q?Andr=E9?= Pirard', 'André Pirard'],
    [
      '=?ISO-8859-1?B?SWYgeW91IGNhbiByZWFkIHRoaXMgeW8=?= =?ISO-8859-2?B?dSB1bmRlcnN0YW5kIHRoZSBleGFtcGxlLg==?=',
      'If you can read this you understand the example.',
    ],
    ['=?iso-8859-8?b?7eXs+SDv4SDp7Oj08A==?=', 'םולש ןב ילטפנ'],
    ['(=?ISO-8859-1?Q?a?=)', '(a)'],
    ['(=?ISO-8859-1?Q?a?= b)', '(a b)'],
    ['(=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=)', '(ab)'],
    ['(=?ISO-8859-1?Q?a?=  =?ISO-8859-1?Q?b?=)', '(ab)'],
    ['(=?ISO-8859-1?Q?a?= \r\n    =?ISO-8859-1?Q?b?=)', '(ab)'],
    ['(=?ISO-8859-1?Q?a_b?=)', '(a b)'],
    ['(=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=)', '(a b)'],
    // RFC 2231 §5.
    ['=?US-ASCII*EN?Q?Keith_Moore?=', 'Keith Moore'],
  ])('reads the example %s of the RFC', (encoded, decoded) => {
    expect(decodeEncodedWords(encoded)).toBe(decoded)
  })

  it.each([
    ['a character split between two words', '=?utf-8?B?w6l0ww==?= =?utf-8?B?qQ==?=', 'été'],
    ['one split between words of both encodings', '=?utf-8?Q?=C3?= =?UTF-8?B?qQ==?=', 'é'],
    ['spaces in the encoded text', '=?utf-8?Q?a b?=', 'a b'],
    ['lower-case escapes', '=?utf-8?q?=c3=a9?=', 'é'],
    ['a wrong escape', '=?utf-8?Q?100=_=ZZ?=', '100= =ZZ'],
    ['missing padding', '=?utf-8?B?w6k?=', 'é'],
    ['words inside words', 'pre=?utf-8?Q?=C3=A9?=post', 'preépost'],
    ['an unknown charset as UTF-8 where it is', '=?x-unknown?Q?=C3=A9?=', 'é'],
    ['an unknown charset as windows-1252 where it is not', '=?x-unknown?Q?=E9=80?=', 'é€'],
    ['a charset that says too little', '=?us-ascii?Q?=C3=A9?=', 'é'],
    ['windows-1252 under its usual wrong name', '=?iso-8859-1?Q?=93a=94?=', '“a”'],
    ['Japanese', '=?ISO-2022-JP?B?GyRCRnxLXBsoQg==?=', '日本'],
    ['Japanese in two words', '=?ISO-2022-JP?B?GyRCRnxLXBsoQg==?= =?iso-2022-jp?B?GyRCRnxLXBsoQg==?=', '日本日本'],
    ['Korean under its old name', '=?ks_c_5601-1987?B?x9GxuQ==?=', '한국'],
    ['raw UTF-8 in a word', '=?utf-8?Q?d\u00e9j=C3=A0?=', 'déjà'],
  ])('reads %s', (_, encoded, decoded) => {
    expect(decodeEncodedWords(encoded)).toBe(decoded)
  })

  it.each(['=?utf-8?Q?no end', '=?utf-8?X?a?=', '=?=?=', 'a =? b ?=', '=??Q?a?=', 'plain'])('leaves %s alone', text => {
    expect(decodeEncodedWords(text)).toBe(text)
  })
})

describe('encodeWords', () => {
  it('leaves ASCII alone', () => {
    expect(encodeWords('Hello, "world"\t!')).toBe('Hello, "world"\t!')
  })

  it('encodes the words that need it and no others', () => {
    expect(encodeWords('Re: Réunion équipe at 9')).toBe('Re: =?UTF-8?Q?R=C3=A9union_=C3=A9quipe?= at 9')
  })

  it('encodes what only looks like an encoded word, unless it is known to be one', () => {
    const text = '=?utf-8?Q?a?='
    expect(decodeEncodedWords(encodeWords(text))).toBe(text)
    expect(encodeWords(`${text} é`, { keepEncodedWords: true })).toBe(`${text} =?UTF-8?B?IMOp?=`)
    expect(decodeEncodedWords(encodeWords(`é ${text}`, { keepEncodedWords: true }))).toBe('é a')
  })

  it('gives ASCII in words of 75 characters at most, which decode to the text', () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 120 }),
      fc
        .array(fc.constantFrom('é', ' ', 'a', '\t', '=?', '?=', '𝄞', '日本', '\r\n', 'word'))
        .map(list => list.join('')),
    )
    fc.assert(
      fc.property(text, original => {
        const encoded = encodeWords(original)
        expect(encoded).toMatch(/^[\t\x20-\x7e]*$/)
        for (const [word] of encoded.matchAll(/=\?UTF-8\?[BQ]\?[^?]*\?=/g)) expect(word.length).toBeLessThanOrEqual(75)
        expect(decodeEncodedWords(encoded)).toBe(original)
      }),
      { numRuns: 400 },
    )
  })
})
