/**
 * The immutable row of an email, as it is written. It bears a checksum of its other columns: nothing else would show
 * `verify` that a letter of an ENVELOPE was changed on the disk.
 */
import { crc32 } from 'node:zlib'
import { Fragment } from '../sql.ts'
import type { AccountId, EmailId, NewEmail, ThreadId } from '../types.ts'

export const storedEmailColumns = new Fragment(
  `email_id, account_id, thread_id, blob_seq, blob_hash, size_bytes, sent_at, sent_day, message_id, message_references,
   subject, base_subject, is_reply_or_forward, address_from, address_to, address_cc, address_bcc, sort_from, sort_to, sort_cc,
   display_from, display_to, preview, envelope, body_structure, header_fields`,
)
export type StoredEmailTuple = [
  emailId: EmailId,
  accountId: AccountId,
  threadId: ThreadId,
  blobSeq: number,
  blobHash: string,
  sizeBytes: number,
  sentAt: number | null,
  sentDay: number | null,
  messageId: string,
  references: string,
  subject: string,
  baseSubject: string,
  isReplyOrForward: number,
  from: string,
  to: string,
  cc: string,
  bcc: string,
  sortFrom: string,
  sortTo: string,
  sortCc: string,
  displayFrom: string,
  displayTo: string,
  preview: string,
  envelope: string,
  bodyStructure: string,
  headerFields: string | null,
]

export function storedEmail(
  ids: { emailId: EmailId; accountId: AccountId; threadId: ThreadId; blobSeq: number },
  { blob, sizeBytes, index, preview, envelope, bodyStructure, headerFields }: NewEmail,
): StoredEmailTuple {
  return [
    ids.emailId,
    ids.accountId,
    ids.threadId,
    ids.blobSeq,
    blob.hash,
    sizeBytes,
    index.sentAt,
    index.sentDay,
    index.messageId,
    packReferences(index.references),
    index.subject,
    index.baseSubject,
    index.isReplyOrForward ? 1 : 0,
    index.from,
    index.to,
    index.cc,
    index.bcc,
    index.sortFrom,
    index.sortTo,
    index.sortCc,
    index.displayFrom,
    index.displayTo,
    preview,
    envelope,
    bodyStructure,
    headerFields,
  ]
}

/** Rows without header fields have that of the columns before them: they may be of a program that knows no others. */
export function checksumOf(columns: Readonly<StoredEmailTuple>): number {
  return crc32(JSON.stringify(columns.at(-1) === null ? columns.slice(0, -1) : columns))
}

function packReferences(references: readonly string[]): string {
  return references.length === 0 ? '' : JSON.stringify(references)
}

export function unpackReferences(text: string): string[] {
  return text === '' ? [] : JSON.parse(text)
}
