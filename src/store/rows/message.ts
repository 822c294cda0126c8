/** Rows of messages: the columns asked for and what is made of them. */
import { Fragment, sql } from '../sql.ts'
import type { Reader } from '../transaction.ts'
import type {
  AccountId,
  DescribedMessage,
  MailboxId,
  MessageRow,
  MessageWithBlob,
  MessageWithEmail,
  MessageWithHeader,
  MessageWithIndex,
  Uid,
} from '../types.ts'
import { unpackReferences } from './email.ts'
import { unpackKeywords } from './keywords.ts'

/** Of `message AS m`. */
export const messageColumns = new Fragment(
  'm.uid, m.email_id, m.thread_id, m.flags, m.keywords, m.modseq, m.internal_date, m.save_date, m.size_bytes',
)
export type MessageTuple = [
  uid: number,
  emailId: number,
  threadId: number,
  flags: number,
  keywords: string,
  modseq: number,
  internalDate: number,
  saveDate: number,
  sizeBytes: number,
]

/*
 * Each maker names its properties one by one: it runs for every message of a mailbox, and spreading costs several times that.
 */

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
export const describedColumns = new Fragment('e.envelope, e.body_structure')
export type DescribedTuple = [...MessageTuple, envelope: string, bodyStructure: string]

export function describedMessage(tuple: DescribedTuple): DescribedMessage {
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
  }
}

export type MessageWithBlobTuple = [...MessageTuple, blobHash: string]

export function messageWithBlob(tuple: MessageWithBlobTuple): MessageWithBlob {
  return {
    uid: tuple[0],
    emailId: tuple[1],
    threadId: tuple[2],
    flags: { system: tuple[3], keywords: unpackKeywords(tuple[4]) },
    modseq: tuple[5],
    internalDate: tuple[6],
    saveDate: tuple[7],
    sizeBytes: tuple[8],
    blobHash: tuple[9],
  }
}

export type MessageWithHeaderTuple = [...MessageWithBlobTuple, headerFields: string | null]

export function messageWithHeader(tuple: MessageWithHeaderTuple): MessageWithHeader {
  return {
    uid: tuple[0],
    emailId: tuple[1],
    threadId: tuple[2],
    flags: { system: tuple[3], keywords: unpackKeywords(tuple[4]) },
    modseq: tuple[5],
    internalDate: tuple[6],
    saveDate: tuple[7],
    sizeBytes: tuple[8],
    blobHash: tuple[9],
    headerFields: tuple[10],
  }
}

/** Of `email AS e`. */
export const emailColumns = new Fragment('e.envelope, e.body_structure, e.blob_hash, e.preview, e.header_fields')
export type MessageWithEmailTuple = [
  ...MessageTuple,
  envelope: string,
  bodyStructure: string,
  blobHash: string,
  preview: string,
  headerFields: string | null,
]

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
    headerFields: tuple[13],
  }
}

/** Of `email AS e`. */
export const indexColumns = new Fragment(
  `e.blob_hash, e.sent_at, e.sent_day, e.message_id, e.message_references, e.subject, e.base_subject, e.is_reply_or_forward,
   e.address_from, e.address_to, e.address_cc, e.address_bcc, e.sort_from, e.sort_to, e.sort_cc, e.display_from, e.display_to`,
)
export type MessageWithIndexTuple = [
  ...MessageTuple,
  blobHash: string,
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
]

export function messageWithIndex(tuple: MessageWithIndexTuple): MessageWithIndex {
  return {
    uid: tuple[0],
    emailId: tuple[1],
    threadId: tuple[2],
    flags: { system: tuple[3], keywords: unpackKeywords(tuple[4]) },
    modseq: tuple[5],
    internalDate: tuple[6],
    saveDate: tuple[7],
    sizeBytes: tuple[8],
    blobHash: tuple[9],
    index: {
      sentAt: tuple[10],
      sentDay: tuple[11],
      messageId: tuple[12],
      references: unpackReferences(tuple[13]),
      subject: tuple[14],
      baseSubject: tuple[15],
      isReplyOrForward: tuple[16] === 1,
      from: tuple[17],
      to: tuple[18],
      cc: tuple[19],
      bcc: tuple[20],
      sortFrom: tuple[21],
      sortTo: tuple[22],
      sortCc: tuple[23],
      displayFrom: tuple[24],
      displayTo: tuple[25],
    },
  }
}

/** The last message with that Message-ID among the `among` last ones of the mailbox. */
export async function recentUid(
  reader: Reader,
  place: { accountId: AccountId; mailboxId: MailboxId; messageId: string; among: number; except?: readonly Uid[] },
): Promise<Uid | null> {
  const { accountId, mailboxId, messageId, among, except = [] } = place
  const found = await reader.all<[Uid]>(sql`
    SELECT m.uid FROM (
      SELECT uid, email_id FROM message
      WHERE account_id = ${accountId} AND mailbox_id = ${mailboxId} ORDER BY uid DESC LIMIT ${among}) AS m
    JOIN email AS e ON e.account_id = ${accountId} AND e.email_id = m.email_id
    WHERE e.message_id = ${messageId} ORDER BY m.uid DESC LIMIT ${except.length + 1}`)
  return found.find(([uid]) => !except.includes(uid))?.[0] ?? null
}

/** Whether the mailbox has a message of these very bytes. */
export async function hasBlob(
  reader: Reader,
  { accountId, mailboxId, blobHash }: { accountId: AccountId; mailboxId: MailboxId; blobHash: string },
): Promise<boolean> {
  // In this order, and by the index of emails: left to itself, SQLite looks at every message of the mailbox.
  const found = await reader.get<[number]>(sql`
    SELECT 1 FROM blob AS b CROSS JOIN email AS e CROSS JOIN message AS m
    WHERE b.hash = ${Buffer.from(blobHash, 'hex')} AND e.blob_seq = b.seq AND e.account_id = ${accountId}
      AND m.account_id = e.account_id AND m.email_id = e.email_id AND m.mailbox_id + 0 = ${mailboxId} LIMIT 1`)
  return found !== undefined
}
