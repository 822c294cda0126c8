/** What a caller can do wrong with domains, mailboxes and aliases. The message is English; texts for readers are `api/problem-texts`. */
import { StoreError, type StoreErrorCode } from '../../store/store.ts'
import type { AliasRow } from '../../store/types.ts'

export type DirectoryErrorCode =
  | 'invalid-domain'
  | 'invalid-address'
  | 'address-not-allowed'
  | 'address-too-long'
  | 'invalid-password'
  | 'invalid-quota'
  | 'invalid-limit'
  | 'invalid-target'
  | 'too-many-targets'
  | 'target-is-itself'
  | 'domain-exists'
  | 'domain-not-found'
  | 'domain-not-empty'
  | 'domain-is-alias'
  | 'domain-alias-not-found'
  | 'domain-full'
  | 'domain-space'
  | 'quota-needed'
  | 'mailbox-exists'
  | 'mailbox-not-found'
  | 'address-in-bin'
  | 'not-in-bin'
  | 'not-yours-to-change'
  | 'plan-decides'
  | 'mailbox-shared'
  | 'mailbox-not-shared'
  | 'member-not-found'
  | 'alias-exists'
  | 'alias-not-found'
  | 'alias-is-group'
  | 'group-is-alias'
  | 'alias-loop'
  | 'list-empty'
  | 'list-too-long'

export type ErrorValues = Readonly<Record<string, string | number>>

export class DirectoryError extends Error {
  override name = 'DirectoryError'
  readonly code: DirectoryErrorCode
  /** What the text in the reader's language names. */
  readonly values: ErrorValues
  constructor(code: DirectoryErrorCode, message: string, values: ErrorValues = {}) {
    super(message)
    this.code = code
    this.values = values
  }
}

/** What the store's codes mean to the caller of one operation. */
export type Expected = Partial<Record<StoreErrorCode, () => DirectoryError | Promise<DirectoryError>>>

export async function expecting<T>(operation: Promise<T>, expected: Expected): Promise<T> {
  try {
    return await operation
  } catch (error) {
    const known = error instanceof StoreError ? expected[error.code] : undefined
    throw known ? await known() : error
  }
}

export const noDomain = (domain: string): DirectoryError =>
  new DirectoryError('domain-not-found', `There is no domain ${domain}`, { domain })
export const noMailbox = (address: string): DirectoryError =>
  new DirectoryError('mailbox-not-found', `There is no mailbox ${address}`, { address })
export const noAlias = (address: string): DirectoryError =>
  new DirectoryError('alias-not-found', `There is no alias or group ${address}`, { address })
/** Asked for as what it isn't: its list would be lost. */
export const otherKind = ({ address, kind }: Pick<AliasRow, 'address' | 'kind'>): DirectoryError =>
  kind === 'group'
    ? new DirectoryError('alias-is-group', `${address} is a group: change or remove it as one, not as an alias`, {
        address,
      })
    : new DirectoryError('group-is-alias', `${address} is an alias: change or remove it as one, not as a group`, {
        address,
      })
