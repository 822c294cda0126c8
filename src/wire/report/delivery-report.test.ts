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
    const status = only({ action: 'delayed', status: '4.4.1', remoteMta: null, retryUntil: at + 86_400_000 })
    golden('delayed', encodeDeliveryReport({ ...failed, status }).bytes)
  })

  it('of success tells where it was handed on', () => {
    const relayed = { ...unknownUser, action: 'relayed' as const, status: '2.0.0', diagnostic: '250 2.0.0 Ok' }
    golden('relayed', encodeDeliveryReport({ ...failed, status: only(relayed) }).bytes)
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

  it("lets nothing in a server's words end a field or a line", () => {
    const status = only({ diagnostic: `550 no\r\nBcc: x@evil.test\r\n\r\n--${failed.id}\n${'y'.repeat(3000)}` })
    const text = Buffer.from(encodeDeliveryReport({ ...failed, status }).bytes).toString()
    expect(text).not.toMatch(/^Bcc:/m)
    expect(Math.max(...text.split('\r\n').map(line => line.length))).toBeLessThanOrEqual(998)
  })
})
