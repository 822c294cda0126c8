import { describe, expect, it } from 'vitest'
import { SUBMISSION_HEADER_OCTETS } from './limits.ts'
import { mendSubmission, readSubmissionHeader } from './submission-header.ts'

const at = Date.UTC(2026, 10, 23, 20, 51, 11)

function mend(text: string): string {
  const bytes = Buffer.from(text)
  const header = readSubmissionHeader(bytes)
  if (!header) throw new Error('no header')
  return mendSubmission(bytes, header, { messageId: 'abc-1@mx.example', at }).toString()
}

const from = (text: string) => readSubmissionHeader(Buffer.from(text))?.from

describe('a submitted message', () => {
  it('keeps every byte where nothing is missing', () => {
    const bytes = Buffer.from(
      'From: a@b.example\r\nDATE: whenever\r\nmessage-id : <x@y>\r\nSubject:  odd\r\n\tfolded\r\n\r\nBcc: body\r\n',
    )
    const header = readSubmissionHeader(bytes)!
    expect(mendSubmission(bytes, header, { messageId: 'i@h', at })).toBe(bytes)
  })

  it('gets a Date and a Message-ID (RFC 6409 §8.2, §8.3)', () => {
    expect(mend('From: a@b.example\r\n\r\nbody\r\n')).toBe(
      'Date: Mon, 23 Nov 2026 20:51:11 +0000\r\nMessage-ID: <abc-1@mx.example>\r\nFrom: a@b.example\r\n\r\nbody\r\n',
    )
  })

  it('loses each Bcc with its folded lines, and nothing else', () => {
    expect(
      mend(
        'Date: x\r\nBcc: c@d.example,\r\n e@f.example\r\nFrom: a@b.example\r\nbCC: g@h.example\r\nResent-Bcc: i@j.example\r\n' +
          'Message-ID: <x@y>\r\nX-Bcc: stays\r\n\r\nBcc: stays too\r\n',
      ),
    ).toBe('Date: x\r\nFrom: a@b.example\r\nMessage-ID: <x@y>\r\nX-Bcc: stays\r\n\r\nBcc: stays too\r\n')
  })

  it('keeps its body one where it has no header at all', () => {
    expect(mend('Hello,\r\nBcc: is what I wrote\r\n')).toMatch(
      /^Date: .*\r\nMessage-ID: .*\r\n\r\nHello,\r\nBcc: is what I wrote\r\n$/,
    )
    expect(mend('\r\nHello\r\n')).toMatch(/^Date: .*\r\nMessage-ID: .*\r\n\r\nHello\r\n$/)
  })

  it.each([
    ['From: a@b.example\r\n\r\n', ['a@b.example']],
    ['From: "a@b.example" <evil@c.example>\r\n\r\n', ['evil@c.example']],
    ['From: A <a@b.example>,\r\n C <c@d.example>\r\n\r\n', ['a@b.example', 'c@d.example']],
    ['From: Team: a@b.example, c@d.example;\r\n\r\n', ['a@b.example', 'c@d.example']],
    ['From: (a@b.example) c@d.example\r\n\r\n', ['c@d.example']],
    [
      'From: a..b@c.example, "a b"@c.example, "a.b"@c.example\r\n\r\n',
      ['"a..b"@c.example', '"a b"@c.example', 'a.b@c.example'],
    ],
    ['From:\r\n\r\n', []],
    ['Subject: x\r\n\r\n', []],
  ])('%j is from %j', (text, expected) => {
    expect(from(text)).toEqual(expected)
  })

  it.each([
    ['From: A <a@b.example> <c@d.example>\r\n\r\n', true],
    ['From: a@b.example\r\nSender: <c@d.example> <a@b.example>\r\n\r\n', true],
    [`From: a@b.example,${' '.repeat(131_072)}\r\n c@d.example\r\n\r\n`, true],
    ['From: A <a@b.example>, c@d.example\r\nTo: A <a@b.example> <c@d.example>\r\n\r\n', false],
  ])('that names its writers in two ways is told from others: %#', (text, expected) => {
    expect(readSubmissionHeader(Buffer.from(text))?.isAmbiguous).toBe(expected)
  })

  it('tells two From fields from one', () => {
    expect(readSubmissionHeader(Buffer.from('From: a@b.example\r\nFROM: c@d.example\r\n\r\n'))).toMatchObject({
      fromFields: 2,
      from: ['a@b.example', 'c@d.example'],
    })
  })

  it('has no header that goes on and on', () => {
    const field = `X-Filler: ${'x'.repeat(500)}\r\n`
    const long = field.repeat(Math.ceil(SUBMISSION_HEADER_OCTETS / field.length))
    expect(readSubmissionHeader(Buffer.from(`${long}\r\nbody`))).toBeNull()
    expect(readSubmissionHeader(Buffer.from(`From: a@b.example\r\n\r\n${long}`))).not.toBeNull()
  })
})
