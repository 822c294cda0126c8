import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { flattenAddresses, formatAddresses, isAmbiguousList, parseAddresses } from './address.ts'

const read = (text: string): string[] =>
  flattenAddresses(parseAddresses(text)).map(({ name, mailbox, host }) => `${name ?? '-'}|${mailbox}|${host}`)

describe('parseAddresses', () => {
  it.each([
    // RFC 5322 appendix A.
    ['John Doe <jdoe@machine.example>', ['John Doe|jdoe|machine.example']],
    ['"Joe Q. Public" <john.q.public@example.com>', ['Joe Q. Public|john.q.public|example.com']],
    [
      'Mary Smith <mary@x.test>, jdoe@example.org, Who? <one@y.test>',
      ['Mary Smith|mary|x.test', '-|jdoe|example.org', 'Who?|one|y.test'],
    ],
    [
      '<boss@nil.test>, "Giant; \\"Big\\" Box" <sysservices@example.net>',
      ['-|boss|nil.test', 'Giant; "Big" Box|sysservices|example.net'],
    ],
    ['Pete(A nice \\) chap) <pete(his account)@silly.test(his host)>', ['Pete|pete|silly.test']],
    [
      'Mary Smith <@node.test:mary@example.net>, , jdoe@test  . example',
      ['Mary Smith|mary|example.net', '-|jdoe|test.example'],
    ],
    ['John Doe <jdoe@machine(comment).  example>', ['John Doe|jdoe|machine.example']],
    ['<@a.test,@b.test:c@d.test>', ['-|c|d.test']],
  ])('reads the example %s of the RFC', (text, expected) => {
    expect(read(text)).toEqual(expected)
  })

  it.each([
    ['a comment as the name', 'js@example.org (John Smith)', ['John Smith|js|example.org']],
    ['a name without brackets', 'John Smith js@example.org', ['John Smith|js|example.org']],
    ['an initial before an address without brackets', 'John Q. js@example.org', ['John Q.|js|example.org']],
    ['dots and "@" with spaces around', 'a . b @ example . org', ['-|a.b|example.org']],
    ['a quoted local part', '"two words"@example.org', ['-|two words|example.org']],
    ['a quoted local part in brackets', '<"a@b"@example.org>', ['-|a@b|example.org']],
    ['two "@"', '<a@b@example.org>', ['-|a@b|example.org']],
    ['a domain literal', 'a@[IPv6:2001:db8::1], <b@[192.0.2.1]>', ['-|a|[IPv6:2001:db8::1]', '-|b|[192.0.2.1]']],
    ['an encoded word with a comma', '=?utf-8?Q?Doe,_J?= <j@x.org>', ['Doe, J|j|x.org']],
    ['an encoded word in quotes', '"=?utf-8?Q?=C3=89lodie?=" <e@x.org>', ['Élodie|e|x.org']],
    ['raw UTF-8', 'Élodie <élodie@société.example>', ['Élodie|élodie|société.example']],
    ['semicolons as commas', 'a@x.org; b@x.org;', ['-|a|x.org', '-|b|x.org']],
    ['a bracket that is never closed', '<a@x.org, b@x.org', ['-|a|x.org', '-|b|x.org']],
    ['a quote that is never closed', '"a <a@x.org>, b@x.org', ['-|a <a@x.org>, b@x.org|']],
    ['a comment that is never closed', 'a@x.org (b, c@x.org', ['b, c@x.org|a|x.org']],
    ['words without an address', 'undisclosed recipients', ['-|undisclosed recipients|']],
    ['a word in brackets', 'Root <root>', ['Root|root|']],
    ['empty brackets', 'Nobody <>', ['Nobody||']],
    ['words behind an address', 'a@x.org and more', ['-|a|x.org']],
    ['two addresses in brackets', '"CEO" <ceo@x.org> <a@x.org>', ['CEO|ceo|x.org']],
    ['brackets in brackets', 'Joe <<j@x.org>>', ['Joe|j|x.org']],
    ['an empty list', ' , ;, ', []],
    ['a space in a name twice', '"John"   "Smith" <j@x.org>', ['John Smith|j|x.org']],
    ['a name that is a mailbox', '"j@x.org" <j@x.org>', ['j@x.org|j|x.org']],
    ['the URL of an address', 'A <MailTo: a@x.org>, <mailto:b.c @x.org>', ['A|a|x.org', '-|b.c|x.org']],
    ['two words as a local part', 'A <a b@x.org>, <a(c)b@x.org>', ['A|a b|x.org', '-|a b|x.org']],
    ['two words in quotes as one', '<"a" "b"@x.org>, <"a."b . "c"@x.org>', ['-|a b|x.org', '-|a.b.c|x.org']],
    ['two words as a host', '<a@x org>, <a@ x.org b>', ['-|a|x org', '-|a|x.org b']],
    ['a colon in an address', '<b:a@x.org>', ['-|b a|x.org']],
    ['words in brackets', '<no address>', ['-|no address|']],
  ])('makes the best of %s', (_, text, expected) => {
    expect(read(text)).toEqual(expected)
  })

  it.each([
    ['"CEO" <ceo@x.org> <a@x.org>', true],
    ['Ann <a@x.org>, <ceo@x.org> <a@x.org>', true],
    ['ceo@x.org:a@x.org;', true],
    ['"ceo@x.org":a@x.org;', true],
    ['Team: ceo@x.org: a@x.org;', true],
    ['a@x.org ceo@x.org', true],
    [`a@x.org, ${'a@x.org,'.repeat(5_000)}`, true],
    ['=?utf-8?Q?<ceo@x.org>?= <a@x.org>', true],
    ['=?utf-8?Q?,ceo@x.org,?= <a@x.org>', true],
    ['=?utf-8?Q?"?= <a@x.org> " <ceo@x.org> "', true],
    ['=?utf-8?Q?(?= <a@x.org>, ) <ceo@x.org>', true],
    ['ceo@x.org <a@x.org>', true],
    ['ceo @ x.org <a@x.org>', true],
    ['"ceo"@x.org <a@x.org>', true],
    ['<a@x.org> ceo@x.org', true],
    ['<a@x.org>: ceo@x.org;', true],
    ['Team: <a@x.org>: ceo@x.org;', true],
    ['a@x.org (<ceo@x.org>', true],
    ['a@x.org "<ceo@x.org>', true],
    ['Ann <a@x.org', true],
    ['Ann <a@x.org, <ceo@x.org>', true],
    ['<@x.org,ceo@x.org:a@x.org>', true],
    ['<@x.org,ceo @x.org:a@x.org>', true],
    ['<@x.org,"ceo"@x.org:a@x.org>', true],
    ['A <mailto:a@x.org>', true],
    ['A <a b@x.org>', true],
    ['A <a(c)b@x.org>', true],
    ['A <a@x.org ceo>', true],
    ['<@x.org, , @[IPv6:2001:db8::1]:a@x.org>', false],
    ['=?utf-8?Q?Doe,_J=2E_=40_=3Cx=3E?= <j@x.org>', false],
    ['A@X.org <a@x.org>', false],
    ['a@x.org <a@x.org>', false],
    ['"ceo@x.org" <a@x.org>', false],
    ['Joe <<j@x.org>>, <> <j@x.org>', false],
    ['Team: a@x.org, b@x.org;', false],
    ['"a b" . c @ x . org (a@x.org)', false],
    ['< "a b" . c(d) @ x(y) . (z) org >', false],
    ['', false],
  ])('%j can be read in two ways: %j', (text, expected) => {
    expect(isAmbiguousList(text)).toBe(expected)
  })

  it('keeps groups with their members', () => {
    expect(parseAddresses('A Group(Some people) :Chris Jones <c@a.test>,joe@where.test; b@x.org')).toEqual([
      {
        group: 'A Group',
        members: [
          { name: 'Chris Jones', rawName: 'Chris Jones', mailbox: 'c', host: 'a.test' },
          { name: null, rawName: null, mailbox: 'joe', host: 'where.test' },
        ],
      },
      { name: null, rawName: null, mailbox: 'b', host: 'x.org' },
    ])
    expect(parseAddresses('undisclosed-recipients:;')).toEqual([{ group: 'undisclosed-recipients', members: [] }])
    expect(parseAddresses('never closed: a@x.org')).toMatchObject([
      { group: 'never closed', members: [{ mailbox: 'a' }] },
    ])
  })

  it('keeps the raw phrase beside the decoded name', () => {
    expect(parseAddresses('=?utf-8?Q?=C3=89lodie?= Roux <e@x.org>')[0]).toMatchObject({
      name: 'Élodie Roux',
      rawName: '=?utf-8?Q?=C3=89lodie?= Roux',
    })
  })

  it('never throws, and ends, whatever the text', () => {
    const tokens = fc.constantFrom(
      '<',
      '>',
      '"',
      '(',
      ')',
      ',',
      ';',
      ':',
      '@',
      '\\',
      '.',
      ' ',
      'a',
      '[',
      ']',
      '=?utf-8?Q?',
      '?=',
    )
    fc.assert(
      fc.property(fc.array(tokens, { maxLength: 60 }), list => {
        expect(formatAddresses(parseAddresses(list.join('')))).toBeTypeOf('string')
      }),
      { numRuns: 500 },
    )
  })
})

it('formats addresses for people', () => {
  expect(formatAddresses(parseAddresses('=?utf-8?Q?Zo=C3=AB?= <z@x.org>, b@x.org, Team: c@x.org;'))).toBe(
    '"Zoë" <z@x.org>, b@x.org, Team: c@x.org;',
  )
})
