/** The one place where what went wrong becomes NO or BAD (RFC 9051 §7.1.2, §7.1.3; codes of RFC 5530). */
import { MailboxNameError } from '../../mail/mailbox-name.ts'
import { NoSuchSequenceNumber } from '../../mail/mailbox-view.ts'
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

const storeCodes: Record<StoreErrorCode, PlainResponseCode> = {
  'not-found': 'NONEXISTENT',
  'already-exists': 'ALREADYEXISTS',
  'over-quota': 'OVERQUOTA',
  'not-empty': 'HASCHILDREN',
  'not-allowed': 'CANNOT',
  damaged: 'CORRUPTION',
  unavailable: 'UNAVAILABLE',
}

/** The answer to an expected failure; null for any other. */
export function completionOf(error: unknown): Completion | null {
  if (error instanceof Refusal) return error.completion
  if (error instanceof NoSuchSequenceNumber) return { type: 'BAD', text: error.message }
  if (error instanceof MailboxNameError) return { type: 'NO', text: error.message, code: 'CANNOT' }
  if (error instanceof StoreError) return { type: 'NO', text: error.message, code: storeCodes[error.code] }
  return null
}
