/**
 * Names of mailboxes: levels separated by "/", Net-Unicode (RFC 9051 §5.1, RFC 5198). A name is normalised on every
 * way in, so that whatever a client composes finds what another created; only new names are held to the rules.
 */
import { HIERARCHY_DELIMITER } from '../wire/imap/mailbox-name.ts'
import { NAME_BYTES, NAME_LEVELS } from './limits.ts'

const INBOX = 'INBOX'

/** A name that no mailbox may be given. The message says which rule it breaks. */
export class MailboxNameError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'MailboxNameError'
  }
}

/** NFC, and INBOX in upper case where it is the first level (RFC 9051 §5.1: it is case-insensitive). */
export function normalizeMailboxName(name: string): string {
  const composed = name.normalize('NFC')
  return /^inbox(?=$|\/)/i.test(composed) ? INBOX + composed.slice(INBOX.length) : composed
}

/** The name a new mailbox gets; a trailing delimiter only announced inferiors (RFC 9051 §6.3.4). */
export function newMailboxName(given: string): string {
  const name = normalizeMailboxName(given.endsWith(HIERARCHY_DELIMITER) ? given.slice(0, -1) : given)
  const levels = name.split(HIERARCHY_DELIMITER)
  if (!name.isWellFormed()) throw new MailboxNameError('A mailbox name must be valid UTF-8')
  if (levels.includes('')) throw new MailboxNameError('A mailbox name has no empty level')
  // Programs that keep each mailbox as a folder or file of its name end there, some for all of the account.
  if (levels.some(level => level === '.' || level === '..'))
    throw new MailboxNameError('A mailbox name has no level that is . or ..')
  if (Buffer.byteLength(name) > NAME_BYTES) throw new MailboxNameError(`A mailbox name has at most ${NAME_BYTES} bytes`)
  if (levels.length > NAME_LEVELS) throw new MailboxNameError(`A mailbox name has at most ${NAME_LEVELS} levels`)
  if (/[\p{Cc}\u2028\u2029\ufeff\ufffd]/u.test(name))
    throw new MailboxNameError('A mailbox name has no control characters')
  if (/[%*]/.test(name)) throw new MailboxNameError('A mailbox name has no wildcard characters')
  return name
}

/** `a/b/c` → `a/b`; null for a name of one level. */
export function superiorOf(name: string): string | null {
  const at = name.lastIndexOf(HIERARCHY_DELIMITER)
  return at < 0 ? null : name.slice(0, at)
}

export const isInferior = (name: string, superior: string): boolean => name.startsWith(superior + HIERARCHY_DELIMITER)
