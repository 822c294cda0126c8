/** Domains and mailboxes as whoever administers them sees them. */
import type { AccountId, AccountRow } from '../types.ts'
import type { PrincipalId, PrincipalRow } from './principals.ts'

/** A mailbox with what is told of whoever signs in to it. */
export interface AccountListRow extends AccountRow {
  name: string
  role: PrincipalRow['role']
  signInEnabled: boolean
  /** Whether a password was ever set. */
  hasPassword: boolean
  /** When it was moved to the bin; null where it is in use. */
  removedAt: number | null
}

export interface DomainAliasRow {
  name: string
  /** Whose addresses it repeats. */
  domain: string
  createdAt: number
}

/** What is used in a domain, of one page of its accounts. */
export interface DomainUsage {
  usedBytes: number
  /** Accounts without a quota: what is sold of the domain doesn't hold them. */
  withoutQuota: number
  /** The last address counted; null where there are no more. */
  next: string | null
}

export interface MemberRow {
  principalId: PrincipalId
  address: string
  name: string
  maySend: boolean
  createdAt: number
}

/** A shared mailbox as one of its members sees it. */
export interface MembershipRow {
  accountId: AccountId
  address: string
  name: string
  maySend: boolean
}
