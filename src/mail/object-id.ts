/** Object identifiers (RFC 8474 §4): a letter for the kind, so that no two objects share one. */
import type { EmailId, MailboxId, ThreadId } from '../store/types.ts'

export const mailboxObjectId = (id: MailboxId): string => `F${id}`
export const emailObjectId = (id: EmailId): string => `M${id}`
export const threadObjectId = (id: ThreadId): string => `T${id}`
