/** Whoever signs in, as the rest of Facteur sees them. */
import type { AccountId } from '../types.ts'

/** Of a mailbox's principal it is its account's id, and none other has that one. */
export type PrincipalId = AccountId

/** owner: of the own mailbox alone. manager: of domains. staff: of the service. Managers and staff may have a mailbox too. */
export type Role = 'owner' | 'manager' | 'staff'

export interface PrincipalRow {
  principalId: PrincipalId
  /** What is signed in with, in lower case: the mailbox's address, or one elsewhere. */
  address: string
  role: Role
  /** As people call it; may be empty. */
  name: string
  /** PHC string of Argon2id, or null where no password was set yet. */
  passwordHash: string | null
  passwordChangedAt: number | null
  language: Language | null
  /** IANA name, or null where none was chosen. */
  timeZone: string | null
  /** Off as well while the mailbox is in the bin. */
  signInEnabled: boolean
  secondFactorRequired: boolean
  /** Whether codes or a passkey are in use. */
  hasSecondFactor: boolean
  /** External and confirmed, for a forgotten password. */
  recoveryAddress: string | null
  recoveryConfirmedAt: number | null
  createdAt: number
  /** Whether there is an account of this id. */
  hasMailbox: boolean
}

export type Language = 'fr' | 'en'
