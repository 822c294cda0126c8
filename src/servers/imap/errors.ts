/** The one place where what went wrong becomes NO or BAD (RFC 9051 §7.1.2, §7.1.3; codes of RFC 5530). */
import { TooMuchDescribed } from '../../mail/describe.ts'
import { MailboxNameError } from '../../mail/mailbox-name.ts'
import { NoSuchSequenceNumber } from '../../mail/mailbox-view.ts'
import { TooMuchToThread } from '../../mail/shared-texts.ts'
import { StoreError, type StoreErrorCode } from '../../store/store.ts'
import type { PlainResponseCode } from '../../wire/imap/status-response.ts'
import type { Completion } from './command.ts'

/** An expected failure that a command names itself. */
export class Refusal extends Error {
  readonly completion: Completion
  constructor(completion: Completion) {
    super(completion.text)
    this.name = 'Refusal'
    this.completion = completion
  }
}

const storeFailures: Record<StoreErrorCode, { code: PlainResponseCode; text: string }> = {
  'not-found': { code: 'NONEXISTENT', text: 'There is no mailbox of that name' },
  'already-exists': { code: 'ALREADYEXISTS', text: 'There is a mailbox of that name already' },
  'over-quota': { code: 'OVERQUOTA', text: 'There is no room for it in the account' },
  // Of sending; no command of IMAP does.
  unusual: { code: 'CANNOT', text: 'That is not possible now' },
  'over-limit': { code: 'LIMIT', text: 'More than may be done in this time' },
  'too-many': { code: 'LIMIT', text: 'There are as many already as there may be' },
  'not-empty': { code: 'HASCHILDREN', text: 'The mailbox is not empty' },
  'not-allowed': { code: 'CANNOT', text: 'That is not possible with this mailbox' },
  // Of those who administer the service; no command of IMAP does.
  'last-staff': { code: 'CANNOT', text: 'That is not possible' },
  conflict: { code: 'INUSE', text: 'Somebody else changed it meanwhile' },
  damaged: { code: 'CORRUPTION', text: 'A message is damaged' },
  unavailable: { code: 'UNAVAILABLE', text: 'Not possible now: try again later' },
}

/** The answer to an expected failure; null for any other. */
export function completionOf(error: unknown): Completion | null {
  if (error instanceof Refusal) return error.completion
  if (error instanceof NoSuchSequenceNumber) return { type: 'BAD', text: error.message }
  if (error instanceof MailboxNameError) return { type: 'NO', text: error.message, code: 'CANNOT' }
  if (error instanceof TooMuchDescribed)
    return { type: 'NO', text: 'The messages have too many fields and parts: append fewer at once', code: 'LIMIT' }
  if (error instanceof TooMuchToThread)
    return { type: 'NO', text: 'The messages refer to too many others: thread fewer at once', code: 'LIMIT' }
  if (error instanceof StoreError) return { type: 'NO', ...storeFailures[error.code] }
  return null
}

/** Whether the store is at fault, and not what it was asked for: a full disk, a database that is away, damage. */
export function isStoreFault(error: unknown): error is StoreError {
  return error instanceof StoreError && (error.code === 'unavailable' || error.code === 'damaged')
}
