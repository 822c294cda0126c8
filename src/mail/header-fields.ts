/**
 * Fields of a message's header that mail programs ask for of all messages of a mailbox, to list them: kept beside the message, so
 * that none is read for it. Who asks for any other reads the messages.
 */
import { findSection } from '../wire/mime/section.ts'
import type { MimePart } from '../wire/mime/types.ts'
import { HEADER_FIELDS_CHARACTERS } from './limits.ts'

/**
 * Most of these a message does not have, and costs nothing. Left out is what is long and asked for of single messages: signatures, the
 * results of checks. The way a message came is as long, but Thunderbird asks for it of each. Whoever changes the list adds a step of
 * the schema that empties email.header_fields.
 */
const names = [
  // Alpine, Claws, Evolution, Gnus, K-9, mutt, Roundcube, Thunderbird: who, what, when, and the thread.
  ...['date', 'from', 'sender', 'reply-to', 'to', 'cc', 'bcc', 'subject', 'message-id', 'in-reply-to', 'references'],
  ...['mime-version', 'content-type', 'content-transfer-encoding', 'content-description', 'content-class', 'lines'],
  ...['list-id', 'list-post', 'list-help', 'list-owner', 'list-archive', 'list-subscribe', 'list-unsubscribe'],
  ...['list-unsubscribe-post', 'mailing-list', 'x-mailing-list', 'x-list', 'x-beenthere', 'x-loop', 'originator'],
  ...['precedence', 'priority', 'x-priority', 'x-msmail-priority', 'importance', 'sensitivity', 'auto-submitted'],
  ...['disposition-notification-to', 'return-receipt-to', 'return-path', 'delivered-to', 'x-original-to'],
  ...['newsgroups', 'followup-to', 'path', 'xref', 'user-agent', 'x-mailer', 'organization', 'chat-version'],
  'received',
  // What programs wrote themselves, of drafts and of what they are about to upload.
  ...['status', 'x-status', 'x-keywords', 'x-label', 'x-uid', 'x-tuid', 'x-offlineimap', 'x-k9mail-identity'],
  ...['x-uniform-type-identifier', 'x-universally-unique-identifier', 'x-calendar-attachment', 'x-mozilla-draft-info'],
]
const kept = new Set(names)

/** Whether the fields with these names are among those that are kept. */
export const areKept = (fields: readonly string[]): boolean => fields.every(name => kept.has(name.toLowerCase()))

/** What HEADER.FIELDS of IMAP gives of them, one byte a character; null where it is too long, or can't be a text of the store. */
export function keptHeaderFields(root: MimePart, bytes: Uint8Array): string | null {
  const found = findSection(root, bytes, { part: [], text: 'HEADER.FIELDS', fields: names })
  if (found === null || found.length > HEADER_FIELDS_CHARACTERS || found.includes(0)) return null
  return Buffer.from(found.buffer, found.byteOffset, found.byteLength).toString('latin1')
}
