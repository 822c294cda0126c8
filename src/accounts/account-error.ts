/** What a caller of the accounts room did wrong or may not do. Texts in the reader's language are `api/problem-texts.ts`. */
import type { BillingErrorCode } from './billing/billing-error-codes.ts'
import type { ClientErrorCode } from './client-error-codes.ts'
import type { PanelErrorCode } from './panel-error-codes.ts'
import type { SecurityErrorCode } from './security-error-codes.ts'
import type { SettingsErrorCode } from './settings-error-codes.ts'
import type { TraceErrorCode } from './trace-error-codes.ts'

export type AccountErrorCode =
  | BillingErrorCode
  | ClientErrorCode
  | PanelErrorCode
  | SecurityErrorCode
  | SettingsErrorCode
  | TraceErrorCode
  | 'mailbox-not-found'
  | 'not-allowed'
  | 'domain-not-found'
  | 'session-not-found'
  | 'wrong-password'
  | 'confirmation-needed'

export class AccountError extends Error {
  override name = 'AccountError'
  readonly code: AccountErrorCode
  /** What the text in the reader's language names; `field`: the member of the request that is wrong, where it is one. */
  readonly values: Readonly<Record<string, string | number>>
  constructor(code: AccountErrorCode, message: string, values: Record<string, string | number> = {}) {
    super(message)
    this.code = code
    this.values = values
  }
}
