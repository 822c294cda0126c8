import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseParameterised } from './parameters.ts'

describe('parseParameterised', () => {
  it.each([
    // RFC 2045 §5.1, RFC 2231 §3 to §4.1.
    ['text/plain; charset=us-ascii (Plain text)', 'text/plain', [['CHARSET', 'us-ascii']]],
    ['text/plain; charset="us-ascii"', 'text/plain', [['CHARSET', 'us-ascii']]],
    [
      'message/external-body; access-type=URL; URL*0="ftp://"; URL*1="cs.utk.edu/pub/moore/bulk-mailer/bulk-mailer.tar"',
      'message/external-body',
      [
        ['ACCESS-TYPE', 'URL'],
        ['URL', 'ftp://cs.utk.edu/pub/moore/bulk-mailer/bulk-mailer.tar'],
      ],
    ],
    [
      "application/x-stuff; title*=us-ascii'en-us'This%20is%20%2A%2A%2Afun%2A%2A%2A",
      'application/x-stuff',
      [['TITLE', 'This is ***fun***']],
    ],
    [
      "application/x-stuff; title*0*=us-ascii'en'This%20is%20even%20more%20; title*1*=%2A%2A%2Afun%2A%2A%2A%20; title*2=\"isn't it!\"",
      'application/x-stuff',
      [['TITLE', "This is even more ***fun*** isn't it!"]],
    ],
  ])('reads the example %s of the RFC', (text, value, parameters) => {
    expect(parseParameterised(text)).toEqual({ value, parameters })
  })

  it.each([
    ['continuations in any order', 'a; n*1=b; n*0=a; n*2=c', 'abc'],
    ['continuations up to the first that is missing', 'a; n*0=a; n*2=c', 'a'],
    ['a continuation sent twice', 'a; n*0=a; n*0=x; n*1=b', 'ab'],
    ['a character split between continuations', "a; n*0*=utf-8''%C3; n*1*=%A9", 'é'],
    ['a charset other than UTF-8', "a; n*=iso-8859-1'fr'%E9", 'é'],
    ['no charset', "a; n*=''%C3%A9", 'é'],
    ['no quotes at all', 'a; n*=%C3%A9', 'é'],
    ['a wrong escape', "a; n*=utf-8''100%", '100%'],
    ['the extended form, where there are both', "a; n=plain; n*=utf-8''extended", 'extended'],
    ['the first, where there are two', 'a; n=one; n=two', 'one'],
    ['quoted pairs', 'a; n="a\\"b\\\\c"', 'a"b\\c'],
    ['a quote that is never closed', 'a; n="abc', 'abc'],
    ['spaces in an unquoted value', 'a; n=my file.txt', 'my file.txt'],
    ['white space and comments around', 'a ; (c) n (c) = (c) "v" (c)', 'v'],
    ['empty parameters', 'a;;; ; n=v;', 'v'],
    ['an empty value', 'a; n=; m=x', ''],
  ])('reads %s', (_, text, value) => {
    expect(parseParameterised(text).parameters[0]).toEqual(['N', value])
  })

  it('leaves out what has no name or no value', () => {
    expect(parseParameterised('a; =x; flag; n=v').parameters).toEqual([['N', 'v']])
  })

  it('never throws, and ends, whatever the text', () => {
    const tokens = fc.constantFrom(';', '=', '*', '0', '1', '*=', "'", '%', '"', '(', ')', '\\', ' ', 'n', '%41')
    fc.assert(
      fc.property(fc.array(tokens, { maxLength: 60 }), list => {
        expect(parseParameterised(list.join('')).value).toBeTypeOf('string')
      }),
      { numRuns: 500 },
    )
  })
})
