/**
 * A delivery status notification as a whole message: multipart/report (RFC 6522) of words for a person, status fields
 * for a program (RFC 3464), and the header or the whole of the message it is about. Pure.
 *
 * Everything but a returned message is 7-bit, so that a report gets through wherever its message came from.
 */
import { isAscii } from 'node:buffer'
import { encodeWords } from '../mime/encoded-word.ts'
import { foldHeader } from '../mime/fields.ts'
import { encodeBase64, encodeQuotedPrintable } from '../mime/transfer-encoding.ts'
import { type DeliveryStatus, encodeDeliveryStatus, formatDate } from './delivery-status.ts'
import { alternative } from './human-part.ts'
import { type ReportReader, reportWords } from './words.ts'

export interface DeliveryReport {
  status: DeliveryStatus
  /** The reverse-path of the message it is about. */
  to: string
  date: number
  /** In which languages it is written, and in whose time. */
  reader: ReportReader
  /** Where the sender can follow his message; left out where there is no such place. */
  traceUrl?: string
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
  /** null: a multipart, which has none. */
  encoding: '7bit' | '8bit' | 'quoted-printable' | 'base64' | null
  bytes: Buffer
}

export function encodeDeliveryReport(report: DeliveryReport): EncodedReport {
  const { status, original } = report
  const smtpUtf8 = !isAscii(Buffer.from(report.to))
  const boundary = `=_${report.id}`
  const { reader, traceUrl = null } = report
  const words = reportWords({ status, original: original.bytes, reader, traceUrl })
  const inner = `=_${report.id}_1`
  const human: Part = {
    type: 'multipart/alternative',
    parameters: `;\r\n boundary="${inner}"`,
    encoding: null,
    bytes: alternative(words, inner),
  }
  const parts = [human, statusPart(status, smtpUtf8), originalPart(original, smtpUtf8)]
  const header = [
    `From: ${displayName(words.from)} <mailer-daemon@${status.reportingMta}>`,
    `To: <${report.to}>`,
    foldHeader('Subject', encodeWords(words.subject)).trimEnd(),
    `Date: ${formatDate(report.date)}`,
    `Message-ID: <${report.id}@${status.reportingMta}>`,
    'Auto-Submitted: auto-replied', // RFC 3834 §5, RFC 3461 §6.1
    `Content-Language: ${reader.languages.join(', ')}`,
    'MIME-Version: 1.0',
    `Content-Type: multipart/report; report-type=delivery-status;\r\n boundary="${boundary}"`,
  ]
  if (parts.some(part => part.encoding === '8bit')) header.push('Content-Transfer-Encoding: 8bit')
  const chunks: Buffer[] = [Buffer.from(`${header.join('\r\n')}\r\n\r\n`)]
  for (const part of parts) {
    const fields = [`Content-Type: ${part.type}${part.parameters ?? ''}`]
    if (part.encoding !== null) fields.push(`Content-Transfer-Encoding: ${part.encoding}`)
    chunks.push(Buffer.from(`--${boundary}\r\n${fields.join('\r\n')}\r\n\r\n`), part.bytes, Buffer.from('\r\n'))
  }
  chunks.push(Buffer.from(`--${boundary}--\r\n`))
  const bytes = Buffer.concat(chunks)
  return { bytes, eightBit: !isAscii(bytes), smtpUtf8 }
}

/** A phrase (RFC 5322 §3.2.5): a slash needs quotes. */
const displayName = (name: string): string => (/^[A-Za-z ]+$/.test(name) ? name : `"${name}"`)

/** RFC 2045 §2.7: no octet above 127, no line above 998 octets. */
function isSevenBit(bytes: Buffer): boolean {
  return isAscii(bytes) && !/[^\n]{1000}/.test(bytes.toString('latin1'))
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
