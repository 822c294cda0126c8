import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { type DeliveryReport, encodeDeliveryReport } from './delivery-report.ts'
import type { RecipientStatus } from './delivery-status.ts'

const at = Date.UTC(2026, 8, 1, 10, 30, 5)
const header = 'Received: from here\r\nFrom: Anna <anna@here.test>\r\nTo: bob@there.test\r\nSubject: Hello\r\n'
const unknownUser: RecipientStatus = {
  address: 'bob@there.test',
  originalRecipient: 'rfc822;Bob@There.test',
  action: 'failed',
  status: '5.1.1',
  remoteMta: 'mx.there.test',
  diagnostic:
    '550-5.1.1 <bob@there.test>: Recipient address rejected: User unknown in virtual mailbox table\n550 5.1.1 See https://there.test/help',
  lastAttempt: at - 1_000,
  nextAttempt: null,
  retryUntil: null,
}
const failed: DeliveryReport = {
  status: {
    reportingMta: 'mail.here.test',
    arrivalDate: at - 60_000,
    envelopeId: 'order 17',
    recipients: [
      unknownUser,
      {
        ...unknownUser,
        address: 'eve@nowhere.test',
        originalRecipient: null,
        status: '5.1.2',
        remoteMta: null,
        diagnostic: 'Host or domain name not found. Name service error for name=nowhere.test type=A: Host not found',
      },
    ],
  },
  to: 'anna@here.test',
  date: at,
  reader: { languages: ['en'], timeZone: 'UTC' },
  id: '0d6f0c4e-1111-4222-8333-444455556666',
  original: { bytes: Buffer.from(header), whole: false, international: false },
}
const message = (text: string): DeliveryReport['original'] => ({
  bytes: Buffer.from(text),
  whole: true,
  international: false,
})
const only = (recipient: Partial<RecipientStatus>): DeliveryReport['status'] => ({
  ...failed.status,
  recipients: [{ ...unknownUser, ...recipient }],
})

/** A golden file holds the report to the byte; FACTEUR_GOLDEN=write makes it anew, to be read before it is kept. */
function golden(name: string, bytes: Uint8Array): void {
  const file = path.join(import.meta.dirname, 'golden', `${name}.eml`)
  if (process.env.FACTEUR_GOLDEN === 'write') writeFileSync(file, bytes)
  expect(Buffer.from(bytes).toString('latin1')).toBe(readFileSync(file, 'latin1'))
}

describe('a report', () => {
  it('of failures tells each recipient, with the remote words and the header', () => {
    const { bytes, eightBit, smtpUtf8 } = encodeDeliveryReport(failed)
    expect({ eightBit, smtpUtf8 }).toEqual({ eightBit: false, smtpUtf8: false })
    golden('failed', bytes)
  })

  it('of a delay says until when it is tried', () => {
    const status = only({
      action: 'delayed',
      status: '4.4.1',
      remoteMta: null,
      nextAttempt: at + 3_600_000,
      retryUntil: at + 86_400_000,
    })
    golden('delayed', encodeDeliveryReport({ ...failed, status }).bytes)
  })

  it('of success tells where it was handed on', () => {
    const relayed = { ...unknownUser, action: 'relayed' as const, status: '2.0.0', diagnostic: '250 2.0.0 Ok' }
    golden('relayed', encodeDeliveryReport({ ...failed, status: only(relayed) }).bytes)
  })

  it('of mail that is sent on promises no more than that it arrived here', () => {
    const sentOn = { ...unknownUser, action: 'relayed' as const, status: '2.0.0', diagnostic: null, remoteMta: null }
    golden('sent-on', encodeDeliveryReport({ ...failed, status: only(sentOn) }).bytes)
    golden(
      'french-sent-on',
      encodeDeliveryReport({ ...failed, reader: { languages: ['fr'], timeZone: 'Europe/Paris' }, status: only(sentOn) })
        .bytes,
    )
  })

  it('of an alias tells that it leads to several', () => {
    const expanded = { ...unknownUser, action: 'expanded' as const, status: '2.0.0', diagnostic: null, remoteMta: null }
    golden('expanded', encodeDeliveryReport({ ...failed, status: only(expanded) }).bytes)
    const two = { ...failed.status, recipients: [expanded, { ...expanded, address: 'ann@there.test' }] }
    const text = Buffer.from(encodeDeliveryReport({ ...failed, status: two }).bytes)
      .toString()
      .replaceAll(/=\r\n/g, '')
    expect(text).toContain(' arrived here for 2 recipients, and was passed on to all addresses that this leads to.')
  })

  it('returns the whole message, 8 bits and all', () => {
    const report = encodeDeliveryReport({ ...failed, original: message(`${header}\r\nVoilà.\r\n`) })
    expect(report).toMatchObject({ eightBit: true, smtpUtf8: false })
    golden('whole', report.bytes)
  })

  it('about an international address stays 7-bit where its own recipient is ASCII', () => {
    const original = { ...message('Subject: déjà vu\r\n'), whole: false, international: true }
    const status = only({ address: 'josé@there.test', diagnostic: '550 5.1.1 josé n’est pas là' })
    const report = encodeDeliveryReport({ ...failed, status, original })
    expect(report).toMatchObject({ eightBit: false, smtpUtf8: false })
    golden('international-to-ascii', report.bytes)
  })

  it('to an international address is in UTF-8 itself', () => {
    const original = { ...message('Subject: déjà vu\r\n'), whole: false, international: true }
    const status = only({ address: 'josé@there.test', originalRecipient: 'utf-8;josé@there.test' })
    const report = encodeDeliveryReport({ ...failed, to: 'zoë@here.test', status, original })
    expect(report).toMatchObject({ eightBit: true, smtpUtf8: true })
    golden('international', report.bytes)
  })

  it('quotes a header that is 8-bit without a right to be', () => {
    const original = { bytes: Buffer.from('Subject: caf\xe9\r\n', 'latin1'), whole: false, international: false }
    const { bytes, eightBit } = encodeDeliveryReport({ ...failed, original })
    expect(eightBit).toBe(false)
    expect(Buffer.from(bytes).toString()).toContain('Subject: caf=E9\r\n')
  })

  it('in French has its accents and no-break spaces, in the sender’s time, with the way to the trace', () => {
    const original = { ...failed.original, bytes: Buffer.from('Subject: =?UTF-8?Q?Devis_n=C2=B0_12?=\r\n') }
    const french = { languages: ['fr'], timeZone: 'Europe/Paris' } as const
    const traceUrl = 'https://mail.here.test/trace/1?a=1&b=2'
    golden('french', encodeDeliveryReport({ ...failed, reader: french, original, traceUrl }).bytes)
    const late = { action: 'delayed', status: '4.2.2', diagnostic: '452 4.2.2 Mailbox full' } as const
    const status = only({ ...late, nextAttempt: at + 3_600_000, retryUntil: at + 86_400_000 })
    golden('french-delayed', encodeDeliveryReport({ ...failed, reader: french, status, original }).bytes)
  })

  it('to somebody whose language is not known has both, one after the other', () => {
    const reader = { languages: ['fr', 'en'], timeZone: 'Europe/Paris' } as const
    golden('two-languages', encodeDeliveryReport({ ...failed, reader, status: only({}) }).bytes)
  })

  it("lets nothing in a server's words, a subject or an address end a field or a line, or be an element", () => {
    const evil = `\r\nBcc: x@evil.test\r\n\r\n--${failed.id}\n<script>alert(1)</script>\u202e`
    const status = only({ diagnostic: `550 no${evil}${'y'.repeat(3000)}`, address: `bob${evil}@there.test` })
    const encoded = Buffer.from(`x${evil}`).toString('base64')
    const original = { ...failed.original, bytes: Buffer.from(`Subject: =?UTF-8?B?${encoded}?=\r\n`) }
    const reader = { languages: ['fr', 'en'], timeZone: 'UTC' } as const
    const { bytes } = encodeDeliveryReport({ ...failed, reader, status, original })
    const text = Buffer.from(bytes).toString()
    expect(text).not.toMatch(/^Bcc:/m)
    const human = text.split('message/delivery-status')[0]
    expect(human).not.toContain('<script>alert(1)</script></')
    expect(human).toContain('&lt;script&gt;')
    expect(human).not.toContain('=E2=80=AE')
    expect(Math.max(...text.split('\r\n').map(line => line.length))).toBeLessThanOrEqual(998)
    // The four parts are where they belong, none is added.
    expect(text.split(`\r\n--=_${failed.id}\r\n`).length).toBe(4)
  })

  it('of many recipients with long answers is bounded, and names them all', () => {
    const recipients = Array.from({ length: 60 }, (_, i) => ({
      ...unknownUser,
      address: `bob${i}@there.test`,
      diagnostic: `550 5.1.1 ${'long words '.repeat(400)}`,
    }))
    const words = encodeDeliveryReport({ ...failed, status: { ...failed.status, recipients } })
    const human = Buffer.from(words.bytes).toString().split('message/delivery-status')[0] ?? ''
    expect(human.length).toBeLessThan(60 * 3 * 2 * 2_000)
    expect(human).toContain('bob59@there.test')
  })
})
