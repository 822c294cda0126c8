/**
 * What a submission server mends in a message's header (RFC 6409 §8): a Date and a Message-ID where there is none, Bcc
 * taken out (RFC 5322 §3.6.3). All other bytes stay as they are, so that signatures hold.
 */
import { flattenAddresses, isAmbiguousList, parseAddresses } from '../mime/address.ts'
import { fieldText, headerBudget, scanHeader } from '../mime/header.ts'
import { FIELD_BYTES } from '../mime/limits.ts'
import type { HeaderField } from '../mime/types.ts'
import { SUBMISSION_HEADER_OCTETS } from './limits.ts'
import { requote } from './path.ts'
import { dateTime } from './received.ts'

export interface SubmissionHeader {
  fields: HeaderField[]
  /** How many From fields; RFC 5322 §3.6 wants one. */
  fromFields: number
  /** Each address in From as MAIL would have it, with the quotes that its local part needs; without "@" where an entry is none. */
  from: string[]
  /** The same of Sender. */
  sender: string[]
  /** Whether From or Sender can be read to name others than these. */
  isAmbiguous: boolean
}

/** null where the header does not end within `SUBMISSION_HEADER_OCTETS`. */
export function readSubmissionHeader(bytes: Buffer): SubmissionHeader | null {
  const head = bytes.subarray(0, SUBMISSION_HEADER_OCTETS)
  const { fields, bodyStart } = scanHeader(head, 0, headerBudget(), () => false)
  if (bodyStart === head.length && bytes.length > head.length) return null
  const named = (wanted: string): HeaderField[] => fields.filter(({ name }) => name.toLowerCase() === wanted)
  const addresses = (found: HeaderField[]): string[] =>
    found
      .flatMap(field => flattenAddresses(parseAddresses(fieldText(bytes, field))))
      .map(({ mailbox, host }) => (host === '' ? mailbox : `${requote(mailbox)}@${host}`))
  const [from, sender] = [named('from'), named('sender')]
  const isAmbiguous = [...from, ...sender].some(
    field => field.end - field.valueStart > FIELD_BYTES || isAmbiguousList(fieldText(bytes, field)),
  )
  return { fields, fromFields: from.length, from: addresses(from), sender: addresses(sender), isAmbiguous }
}

/** `messageId` without brackets; `at` in milliseconds. Gives `bytes` itself where nothing is to be done. */
export function mendSubmission(
  bytes: Buffer,
  header: SubmissionHeader,
  { messageId, at }: { messageId: string; at: number },
): Buffer {
  const names = new Set(header.fields.map(({ name }) => name.toLowerCase()))
  const added =
    (names.has('date') ? '' : `Date: ${dateTime(at)}\r\n`) +
    (names.has('message-id') ? '' : `Message-ID: <${messageId}>\r\n`)
  const hidden = header.fields.filter(({ name }) => /^(?:resent-)?bcc$/i.test(name))
  if (added === '' && hidden.length === 0) return bytes
  // A message that begins with no field is all body: behind what is added it would be a part of the header.
  const isAllBody = header.fields.length === 0 && !/^\r?\n/.test(bytes.toString('latin1', 0, 2))
  const pieces: Buffer[] = [Buffer.from(isAllBody ? `${added}\r\n` : added)]
  let kept = 0
  for (const { start, end } of hidden) {
    pieces.push(bytes.subarray(kept, start))
    kept = end
  }
  pieces.push(bytes.subarray(kept))
  return Buffer.concat(pieces)
}
