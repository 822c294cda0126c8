import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseParameterised } from '../mime/parameters.ts'
import { asciiHeaders, endOfQuoted, tokensOf } from './surrogate.ts'

const surrogate = (text: string): string => Buffer.from(asciiHeaders(Buffer.from(text))).toString()
const word = (text: string): string => `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`

describe('the surrogate of a message', () => {
  it('is the message itself where its header is ASCII, whatever its body', () => {
    const bytes = Buffer.from('Subject: hi\r\n\r\nété\r\n')
    expect(asciiHeaders(bytes)).toBe(bytes)
  })

  it.each([
    ['Subject: été', `Subject: ${word('été')}`],
    ['Subject: un été chaud à Nice', `Subject: un ${word('été')} chaud ${word('à')} Nice`],
    ['Subject: été à', `Subject: ${word('été à')}`],
    ['Subject: été ', `Subject: ${word('été')} `],
    ['From: Éric Dupont <e@x.org>', `From: ${word('Éric')} Dupont <e@x.org>`],
    ['From: "Éric \\"D\\" Dupont" <e@x.org>', `From: ${word('Éric "D" Dupont')} <e@x.org>`],
    ['From: "Eric, D" <é@x.org>', `From: "Eric, D" <${word('é')}@x.org>`],
    ['Subject: "never é closed', `Subject: "never ${word('é')} closed`],
    ['Subject: a\r\n é b\r\nX: c', `Subject: a\r\n ${word('é')} b\r\nX: c`],
  ])('has encoded words: %j', (header, expected) => {
    expect(surrogate(`${header}\r\n\r\nbody é\r\n`)).toBe(`${expected}\r\n\r\nbody é\r\n`)
  })

  it.each([
    [
      'Content-Type: text/plain; name="été 1.txt"; x=y',
      "Content-Type: text/plain; name*=utf-8''%C3%A9t%C3%A9%201.txt; x=y",
    ],
    [
      "Content-Disposition: attachment;\r\n filename=été d'ici.txt;\r\n size=3",
      "Content-Disposition: attachment;\r\n filename*=utf-8''%C3%A9t%C3%A9%20d%27ici.txt;\r\n size=3",
    ],
    ['content-type: a/b; name="é; \\"b\\"\r\n c"', "content-type: a/b; name*=utf-8''%C3%A9%3B%20%22b%22%20c"],
    ["Content-Type: a/b; name*=utf-8''é%20", "Content-Type: a/b; name*=utf-8''%C3%A9%20"],
    ["Content-Type: a/b; name*=utf-8''é; x=y", "Content-Type: a/b; name*=utf-8''%C3%A9; x=y"],
    ['Content-Type: a/b; name*="é; c=d"', 'Content-Type: a/b; name*=%C3%A9%3B%20c%3Dd'],
    [
      'Content-Type: a/b; name*0="été "; Name*1=".txt"; NAME*2="é; c"',
      'Content-Type: a/b; name*0*=utf-8\'\'%C3%A9t%C3%A9%20; Name*1=".txt"; NAME*2*=%C3%A9%3B%20c',
    ],
    ['Content-Type: a/b; name*0="a b"; name*1=é', "Content-Type: a/b; name*0*=utf-8''a%20b; name*1*=%C3%A9"],
    ["Content-Type: a/b; name*0*=utf-8''é; name*1=è", "Content-Type: a/b; name*0*=utf-8''%C3%A9; name*1*=%C3%A8"],
    ['Content-Type: a/b (c; d=é); x=y', `Content-Type: a/b (c; ${word('d=é')}); x=y`],
    ['Content-Type: a/b (é; x="é"', `Content-Type: a/b (${word('é')}; x=${word('é')}`],
    ['Content-Type: a/b (é); x="é"', `Content-Type: a/b (${word('é')}); x*=utf-8''%C3%A9`],
    ['Content-Description: été; x=é', `Content-Description: ${word('été')}; ${word('x=é')}`],
    ['Content-Type: a/b; x="é" (à); y="b"', `Content-Type: a/b; x*=utf-8''%C3%A9 (${word('à')}); y="b"`],
    ['Content-Type: a/b; x="a" (à)', `Content-Type: a/b; x="a" (${word('à')})`],
    ['Content-Type: a/b; x="é', `Content-Type: a/b; x="${word('é')}`],
    ['Content-Type: a/b; é', `Content-Type: a/b; ${word('é')}`],
  ])('has extended parameters: %j', (header, expected) => {
    expect(surrogate(`${header}\r\nSubject: été\r\n\r\n`)).toBe(`${expected}\r\nSubject: ${word('été')}\r\n\r\n`)
  })

  it('has long parameters in several, as readers put them together', () => {
    const name = `${'日本語 (é)'.repeat(30)}.txt`
    const header = surrogate(`Content-Type: a/b;\r\n name="${name}"; charset=utf-8\r\n\r\n`).trimEnd()
    expect(Math.max(...header.split('\r\n').map(({ length }) => length))).toBeLessThan(200)
    const { value, parameters } = parseParameterised(header.replace('Content-Type: ', '').replaceAll('\r\n', ''))
    expect([value, Object.fromEntries(parameters)]).toEqual(['a/b', { NAME: name, CHARSET: 'utf-8' }])
  })

  it('keeps encoded words to 75 characters, and characters whole', () => {
    const text = '日本語'.repeat(30)
    const lines = surrogate(`Subject: ${text}\r\n\r\n`).slice(9).trimEnd().split('\r\n ')
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(75)
    const decoded = lines.map(line => Buffer.from(line.slice('=?utf-8?B?'.length, -2), 'base64').toString())
    expect(decoded.join('')).toBe(text)
  })

  it('is the message itself where its header is 8-bit but no UTF-8', () => {
    const bytes = Buffer.from('Subject: \xe9t\xe9\r\n\r\n', 'latin1')
    expect(asciiHeaders(bytes)).toBe(bytes)
  })

  it.each([
    ['quotes that close', `X: é${'"\\"'.repeat(60_000)}`],
    ['quotes of which the last never closes', `X: ${'é"'.repeat(60_001)}`],
    ['quotes behind one that never closes', `X: "é${'\\"'.repeat(60_000)}`],
    ['one long word', `X: ${'a'.repeat(250_000)}`],
    ['one long word that is not ASCII', `X: ${'é'.repeat(250_000)}`],
  ])('is made by reading each character twice at the most, of %s', (_, line) => {
    let read = 0
    const tokens = [
      ...tokensOf(line, (text, start) => {
        const end = endOfQuoted(text, start)
        read += (end === 0 ? text.length : end) - start
        return end
      }),
    ]
    expect(read).toBeLessThanOrEqual(line.length)
    // Every other token is read as it is found; none is empty.
    expect(tokens.join('')).toBe(line)
    expect(tokens).not.toContain('')
  })

  it('is made of a header beyond reading too', () => {
    const header = `X: ${'é'.repeat(200_000)}`
    expect(surrogate(`${header}\r\n\r\n`)).toBe(`X: ${'?'.repeat(400_000)}\r\n\r\n`)
  })

  it('has an ASCII header and the same body, whatever the message', () => {
    const part = fc.constantFrom(
      'X: ',
      '\r\nContent-Type: ',
      ';',
      '=',
      '*',
      'é',
      '"',
      '\\',
      ' ',
      '\t',
      '<',
      '@',
      'a',
      '日本',
      '\r\n ',
      '\r\nY: ',
    )
    fc.assert(
      fc.property(fc.array(part, { maxLength: 50 }), fc.string(), (parts, body) => {
        // A line that begins with "X" is never the empty line that ends the header.
        const sent = surrogate(`X${parts.join('')}x\r\n\r\n${body}`)
        expect(sent.endsWith(`\r\n\r\n${body}`)).toBe(true)
        expect(sent.slice(0, sent.length - body.length)).toMatch(/^[\x00-\x7f]*$/)
      }),
      { numRuns: 300 },
    )
  })
})
