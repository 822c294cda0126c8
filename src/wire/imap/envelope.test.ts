import { describe, expect, it } from 'vitest'
import { readMessageHeader } from '../mime/message-header.ts'
import { parseMessage } from '../mime/parser.ts'
import { formatEnvelope, quoted } from './envelope.ts'

const envelope = (text: string): string => {
  const bytes = Buffer.from(text.replaceAll('\n', '\r\n'))
  return formatEnvelope(readMessageHeader(bytes, parseMessage(bytes).header))
}

describe('ENVELOPE (RFC 9051 §7.5.2)', () => {
  it('is that of the example of RFC 9051 §8', () => {
    const text = `Date: Wed, 17 Jul 1996 02:23:25 -0700 (PDT)
From: Terry Gray <gray@cac.washington.edu>
Subject: IMAP4rev2 WG mtg summary and minutes
To: imap@cac.washington.edu
cc: minutes@CNRI.Reston.VA.US, John Klensin <KLENSIN@MIT.EDU>
Message-Id: <B27397-0100000@cac.washington.edu>

`
    const gray = '(("Terry Gray" NIL "gray" "cac.washington.edu"))'
    expect(envelope(text)).toBe(
      `("Wed, 17 Jul 1996 02:23:25 -0700 (PDT)" "IMAP4rev2 WG mtg summary and minutes" ${gray} ${gray} ${gray} ((NIL NIL "imap" "cac.washington.edu")) ((NIL NIL "minutes" "CNRI.Reston.VA.US")("John Klensin" NIL "KLENSIN" "MIT.EDU")) NIL NIL "<B27397-0100000@cac.washington.edu>")`,
    )
  })

  it('has NIL for what is missing and the empty string for texts that are empty', () => {
    expect(envelope('X: y\n\n')).toBe('(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)')
    expect(envelope('Date:\nSubject:\nFrom:\nTo:\nIn-Reply-To:\nMessage-ID:\n\n')).toBe(
      '("" "" NIL NIL NIL NIL NIL NIL "" "")',
    )
  })

  it('takes From for a Sender and a Reply-To that are missing or empty', () => {
    const a = '((NIL NIL "a" "x.org"))'
    const b = '((NIL NIL "b" "x.org"))'
    expect(envelope('From: a@x.org\nReply-To: b@x.org\n\n')).toBe(`(NIL NIL ${a} ${a} ${b} NIL NIL NIL NIL NIL)`)
    expect(envelope('From: a@x.org\nReply-To: \nSender: b@x.org\n\n')).toBe(
      `(NIL NIL ${a} ${b} ${a} NIL NIL NIL NIL NIL)`,
    )
  })

  it('marks groups by a missing host, and no address without a host by that', () => {
    expect(envelope('To: Team: a@x.org;, b\n\n')).toBe(
      '(NIL NIL NIL NIL NIL ((NIL NIL "Team" NIL)(NIL NIL "a" "x.org")(NIL NIL NIL NIL)(NIL NIL "b" "")) NIL NIL NIL NIL)',
    )
  })

  it('writes a host in A-labels, since no encoded word may stand in an address (RFC 2047 §5)', () => {
    expect(envelope('To: Ann <ann@bücher.example>, b@社.example\n\n')).toBe(
      '(NIL NIL NIL NIL NIL (("Ann" NIL "ann" "xn--bcher-kva.example")(NIL NIL "b" "xn--fiz.example")) NIL NIL NIL NIL)',
    )
  })

  it('has the route of an address', () => {
    const to = (text: string): string => envelope(`To: ${text}\n\n`)
    expect(to('Ann <@node.test:ann@x.org>')).toContain('(("Ann" "@node.test" "ann" "x.org"))')
    expect(to('<@a.test, , @bücher.example\n :ann@x.org>')).toContain(
      '((NIL "@a.test,@xn--bcher-kva.example" "ann" "x.org"))',
    )
    expect(to('<@:ann@x.org>, <ann@x.org>')).toContain('((NIL NIL "ann" "x.org")(NIL NIL "ann" "x.org"))')
  })

  it('keeps encoded words and encodes what is raw, so that decoding gives the text', () => {
    expect(envelope('Subject: =?utf-8?Q?=C3=A9t=C3=A9?= où\n\n')).toMatch(
      /^\(NIL "=\?utf-8\?Q\?=C3=A9t=C3=A9\?= =\?UTF-8\?/,
    )
  })
})

it.each([
  ['plain', '"plain"'],
  ['', '""'],
  ['a "b" \\c', '"a \\"b\\" \\\\c"'],
  ['a\r\nb\0c', '"abc"'],
  ['tab\there', '"tab\there"'],
  ['é', '"=?UTF-8?B?w6k=?="'],
])('quotes %j', (text, expected) => {
  expect(quoted(text)).toBe(expected)
})
