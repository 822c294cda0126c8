/**
 * A delivery status notification as a whole message: multipart/report (RFC 6522) of words for a person, status fields
 * for a program (RFC 3464), and the header or the whole of the message it is about. Pure.
 *
 * Everything but a returned message is 7-bit, so that a report gets through wherever its message came from.
 */
import { isAscii } from 'node:buffer'
import { encodeBase64, encodeQuotedPrintable } from '../mime/transfer-encoding.ts'
import {
  type DeliveryStatus,
  encodeDeliveryStatus,
  formatDate,
  isAnswer,
  type RecipientStatus,
} from './delivery-status.ts'
import { explain } from './explanation.ts'

export interface DeliveryReport {
  status: DeliveryStatus
  /** The reverse-path of the message it is about. */
  to: string
  date: number
  /** Unique, without angle brackets and domain. */
  id: string
  original: {
    /** The header, up to and with the empty line, or the whole message. */
    bytes: Uint8Array
    whole: boolean
    /** The message was sent with SMTPUTF8 (RFC 6531). */
    international: boolean
  }
}

export interface EncodedReport {
  bytes: Uint8Array
  /** Whether it has bytes above 127 (BODY=8BITMIME). */
  eightBit: boolean
  /** Whether it needs SMTPUTF8: where its own recipient is no ASCII address. */
  smtpUtf8: boolean
}

interface Part {
  type: string
  parameters?: string
  encoding: '7bit' | '8bit' | 'quoted-printable' | 'base64'
  bytes: Buffer
}

export function encodeDeliveryReport(report: DeliveryReport): EncodedReport {
  const { status, original } = report
  const smtpUtf8 = !isAscii(Buffer.from(report.to))
  const boundary = `=_${report.id}`
  const parts = [textPart(words(status)), statusPart(status, smtpUtf8), originalPart(original, smtpUtf8)]
  const header = [
    `From: Mail Delivery System <mailer-daemon@${status.reportingMta}>`,
    `To: <${report.to}>`,
    `Subject: ${subject(status)}`,
    `Date: ${formatDate(report.date)}`,
    `Message-ID: <${report.id}@${status.reportingMta}>`,
    'Auto-Submitted: auto-replied', // RFC 3834 §5, RFC 3461 §6.1
    'MIME-Version: 1.0',
    `Content-Type: multipart/report; report-type=delivery-status;\r\n boundary="${boundary}"`,
  ]
  if (parts.some(part => part.encoding === '8bit')) header.push('Content-Transfer-Encoding: 8bit')
  const chunks: Buffer[] = [Buffer.from(`${header.join('\r\n')}\r\n\r\n`)]
  for (const part of parts) {
    const fields = [`Content-Type: ${part.type}${part.parameters ?? ''}`, `Content-Transfer-Encoding: ${part.encoding}`]
    chunks.push(Buffer.from(`--${boundary}\r\n${fields.join('\r\n')}\r\n\r\n`), part.bytes, Buffer.from('\r\n'))
  }
  chunks.push(Buffer.from(`--${boundary}--\r\n`))
  const bytes = Buffer.concat(chunks)
  return { bytes, eightBit: !isAscii(bytes), smtpUtf8 }
}

/** RFC 2045 §2.7: no octet above 127, no line above 998 octets. */
function isSevenBit(bytes: Buffer): boolean {
  return isAscii(bytes) && !/[^\n]{1000}/.test(bytes.toString('latin1'))
}

function textPart(text: string): Part {
  const bytes = Buffer.from(text)
  return isSevenBit(bytes)
    ? { type: 'text/plain', parameters: '; charset=us-ascii', encoding: '7bit', bytes }
    : {
        type: 'text/plain',
        parameters: '; charset=utf-8',
        encoding: 'quoted-printable',
        bytes: Buffer.from(encodeQuotedPrintable(bytes)),
      }
}

function statusPart(status: DeliveryStatus, smtpUtf8: boolean): Part {
  const utf8 = Buffer.from(encodeDeliveryStatus(status, true))
  // RFC 6533 §4.4: the traditional type wherever it says the same; and wherever UTF-8 might not get through.
  if (isAscii(utf8) || !smtpUtf8)
    return {
      type: 'message/delivery-status',
      encoding: '7bit',
      bytes: Buffer.from(encodeDeliveryStatus(status, false)),
    }
  return { type: 'message/global-delivery-status', encoding: '8bit', bytes: utf8 }
}

function originalPart({ bytes: given, whole, international }: DeliveryReport['original'], smtpUtf8: boolean): Part {
  const bytes = Buffer.from(given.buffer, given.byteOffset, given.byteLength)
  const ascii = isAscii(bytes)
  if (international && !ascii) {
    const type = whole ? 'message/global' : 'message/global-headers'
    if (smtpUtf8) return { type, encoding: '8bit', bytes }
    return { type, encoding: 'base64', bytes: Buffer.from(encodeBase64(bytes)) } // RFC 6533 §4.5
  }
  // RFC 2046 §5.2.1 lets message/rfc822 have no encoding but 7bit and 8bit.
  if (whole) return { type: 'message/rfc822', encoding: ascii ? '7bit' : '8bit', bytes }
  // RFC 6522 §4.
  if (isSevenBit(bytes)) return { type: 'text/rfc822-headers', encoding: '7bit', bytes }
  return { type: 'text/rfc822-headers', encoding: 'quoted-printable', bytes: Buffer.from(encodeQuotedPrintable(bytes)) }
}

function subject({ recipients }: DeliveryStatus): string {
  switch (recipients[0]?.action) {
    case 'delayed':
      return 'Delayed: your message is still on its way'
    case 'delivered':
    case 'relayed':
      return 'Delivered: your message has arrived'
    default:
      return 'Undelivered: your message could not be delivered'
  }
}

function words(status: DeliveryStatus): string {
  const lines = [
    `This is the mail system at ${status.reportingMta}.`,
    '',
    ...opening(status.recipients[0]),
    '',
    ...status.recipients.flatMap(recipient => [...about(recipient), '']),
  ]
  return lines.join('\r\n')
}

function opening(first: RecipientStatus | undefined): string[] {
  switch (first?.action) {
    case 'delayed':
      return [
        'Your message has not reached the recipients below yet. You need not send it again:',
        first.retryUntil === null
          ? 'delivery will be tried again.'
          : `delivery will be tried until ${formatDate(first.retryUntil)}.`,
      ]
    case 'delivered':
      return ['Your message was delivered to the mailboxes below, as you asked to be told.']
    case 'relayed':
      return [
        'Your message was handed to the mail servers of the recipients below. Those servers send',
        'no reports of their own, so that this is the last you will hear of it.',
      ]
    default:
      return ['Your message could not be delivered to the recipients below. It will not be tried again.']
  }
}

function about(recipient: RecipientStatus): string[] {
  const lines = [`<${recipient.address}>`]
  if (recipient.action === 'delivered' || recipient.action === 'relayed') return lines
  const { meaning, advice } = explain(recipient.status)
  lines.push(`    ${meaning}`)
  if (recipient.action === 'failed') lines.push(`    ${advice}`)
  if (recipient.diagnostic !== null) {
    const who = isAnswer(recipient) ? `The answer of ${recipient.remoteMta}` : 'What was found'
    const words = recipient.diagnostic.replace(/[^\P{Cc}\n]/gu, ' ').split('\n')
    lines.push(`    ${who}:`, ...words.map(line => `        ${line}`.trimEnd()))
  }
  return lines
}
