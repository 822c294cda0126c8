/** Sessions of the panel; second factors and app passwords; who signed in from where. */
import type { PrincipalId } from './principals.ts'

export interface WebSessionRow {
  sessionId: string
  principalId: PrincipalId
  /** Whether it outlives the browser. */
  remembered: boolean
  /** When a second factor was last shown; null where none was. */
  secondFactorAt: number | null
  /** When the password (or a passkey) was last shown: what is dangerous asks for it again. */
  confirmedAt: number
  remoteAddress: string
  userAgent: string
  createdAt: number
  lastSeenAt: number
  expiresAt: number
}

export type SignInProtocol = 'imap' | 'pop3' | 'submission' | 'panel'

/** How an attempt to sign in ended; but for `ok`, why it was refused. */
export type SignInResult =
  | 'ok'
  | 'wrong-password'
  /** The password was right, the code or the passkey after it was not. */
  | 'wrong-second-factor'
  /** The password was right, but mail programs need an app password here. */
  | 'app-password-needed'
  /** The principal may not sign in at all. */
  | 'disabled'
  /** No password was set yet. */
  | 'no-password'
  /** Too many failures before it: not looked at. */
  | 'throttled'
  /** An app password that is right, but not for this protocol. */
  | 'protocol-not-allowed'
  /** An app password that is right, but not for the network it came from. */
  | 'network-not-allowed'
  /** An app password that was right once. */
  | 'expired'

export type SignInCredential =
  | 'password'
  | 'app-password'
  | 'passkey'
  | 'password-and-code'
  | 'password-and-passkey'
  | 'password-and-recovery-code'

/** Sign-ins of one day that are alike. */
export interface SeenSignIns {
  principalId: PrincipalId
  protocol: SignInProtocol
  /** Empty for failures of a day with more of them than are kept one by one. */
  remoteAddress: string
  outcome: SignInResult
  credential: SignInCredential
  /** Of the app password, as it was called then; else empty. */
  label: string
  /** As the program calls itself; empty where it does not say. */
  client: string
  firstAt: number
  lastAt: number
  count: number
}

export interface SignInRow extends SeenSignIns {
  signInId: number
}
