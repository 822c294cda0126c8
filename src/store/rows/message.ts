/** Rows of messages: the columns asked for and what is made of them. */
import { Fragment } from '../sql.ts'
import type { MessageRow, MessageWithEmail, MessageWithIndex } from '../types.ts'
import { unpackReferences } from './email.ts'
import { unpackKeywords } from './keywords.ts'

/** Of `message AS m`. */
export const messageColumns = new Fragment(
  'm.uid, m.email_id, m.thread_id, m.flags, m.keywords, m.modseq, m.internal_date, m.save_date, m.size_bytes',
)
export type MessageTuple = [number, number, number, number, string, number, number, number, number]

export function messageRow(tuple: MessageTuple): MessageRow {
  return {
    uid: tuple[0],
    emailId: tuple[1],
    threadId: tuple[2],
    flags: { system: tuple[3], keywords: unpackKeywords(tuple[4]) },
    modseq: tuple[5],
    internalDate: tuple[6],
    saveDate: tuple[7],
    sizeBytes: tuple[8],
  }
}

/** Of `email AS e`. */
export const emailColumns = new Fragment('e.envelope, e.body_structure, e.blob_hash, e.preview')
export type MessageWithEmailTuple = [...MessageTuple, string, string, string, string]

export function messageWithEmail(tuple: MessageWithEmailTuple): MessageWithEmail {
  return {
    uid: tuple[0],
    emailId: tuple[1],
    threadId: tuple[2],
    flags: { system: tuple[3], keywords: unpackKeywords(tuple[4]) },
    modseq: tuple[5],
    internalDate: tuple[6],
    saveDate: tuple[7],
    sizeBytes: tuple[8],
    envelope: tuple[9],
    bodyStructure: tuple[10],
    blobHash: tuple[11],
    preview: tuple[12],
  }
}

/** Of `email AS e`. */
export const indexColumns = new Fragment(
  `e.blob_hash, e.sent_at, e.message_id, e.message_references, e.subject, e.base_subject, e.is_reply_or_forward,
   e.address_from, e.address_to, e.address_cc, e.address_bcc, e.sort_from, e.sort_to, e.sort_cc, e.display_from, e.display_to`,
)
export type MessageWithIndexTuple = [
  ...MessageTuple,
  string,
  number | null,
  string,
  string,
  string,
  string,
  number,
  ...string[],
]

export function messageWithIndex(tuple: MessageWithIndexTuple): MessageWithIndex {
  const [, , , , , , , , , blobHash, sentAt, messageId, references, subject, baseSubject, isReplyOrForward] = tuple
  const [from = '', to = '', cc = '', bcc = '', sortFrom = '', sortTo = '', sortCc = '', ...display] = tuple.slice(
    16,
  ) as string[]
  const [displayFrom = '', displayTo = ''] = display
  return {
    uid: tuple[0],
    emailId: tuple[1],
    threadId: tuple[2],
    flags: { system: tuple[3], keywords: unpackKeywords(tuple[4]) },
    modseq: tuple[5],
    internalDate: tuple[6],
    saveDate: tuple[7],
    sizeBytes: tuple[8],
    blobHash,
    index: {
      sentAt,
      messageId,
      references: unpackReferences(references),
      subject,
      baseSubject,
      isReplyOrForward: isReplyOrForward === 1,
      from,
      to,
      cc,
      bcc,
      sortFrom,
      sortTo,
      sortCc,
      displayFrom,
      displayTo,
    },
  }
}
