/** What is handed out as a link: single-use links to sign-in data, and tokens that are good once. */
import type { PrincipalId } from './principals.ts'

export interface CredentialLinkRow {
  linkId: string
  principalId: PrincipalId
  /** What is signed in with. */
  address: string
  /** The mailbox's; null for somebody without one. */
  domain: string | null
  /** Hash of the code given by phone; null where none was asked for. */
  codeHash: string | null
  codeAttempts: number
  /** Where the link was mailed to; null where it was handed over in another way. */
  sentTo: string | null
  sentAt: number | null
  /** Address of who made it, or `command-line`. */
  createdBy: string
  createdAt: number
  expiresAt: number
  /** The page, last; and how often. */
  openedAt: number | null
  openedAddress: string | null
  openedCount: number
  revealedAt: number | null
  revealedAddress: string | null
  revokedAt: number | null
}

/** waiting: can still be revealed. The others are ends. */
export type CredentialLinkState = 'waiting' | 'revealed' | 'expired' | 'revoked'

export interface NewCredentialLink {
  linkId: string
  tokenHash: string
  address: string
  domain: string | null
  secretEncrypted: Uint8Array
  codeHash: string | null
  createdBy: string
  at: number
  expiresAt: number
}

/** What a token is good for. */
export type TokenPurpose = 'password-reset' | 'recovery-address' | 'choose-password' | 'first-staff' | 'device-profile'

export interface OneTimeTokenRow {
  tokenHash: string
  purpose: TokenPurpose
  /** 0 where it is nobody's yet. */
  principalId: PrincipalId
  data: Record<string, unknown>
  createdAt: number
  expiresAt: number
}
