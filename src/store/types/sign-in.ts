/** Sessions of the panel; second factors and app passwords; who signed in from where. */
import type { AccountId } from '../types.ts'
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

export interface TotpRow {
  /** Sealed with `totp:PRINCIPAL` as its context. */
  secretEncrypted: Uint8Array
  /** null until a first code was shown: till then it opens nothing and closes nothing. */
  confirmedAt: number | null
  /** The time step of the last code that was taken: that one and older ones are spent (RFC 6238 §5.2). */
  lastStep: number
  createdAt: number
}

export interface PasskeyRow {
  /** base64url, as the browser tells it. */
  credentialId: string
  principalId: PrincipalId
  /** The host it was made for. */
  rpId: string
  /** COSE key. */
  publicKey: Uint8Array
  /** 0 where the authenticator doesn't count. */
  signCount: number
  transports: string[]
  label: string
  createdAt: number
  lastUsedAt: number | null
}

export type MailProtocol = Exclude<SignInProtocol, 'panel'>

export interface AppPasswordRow {
  appPasswordId: string
  /** The mailbox it opens: the own one, or one shared with the principal. */
  accountId: AccountId
  principalId: PrincipalId
  label: string
  protocols: MailProtocol[]
  /** CIDR; none: from everywhere. */
  networks: string[]
  expiresAt: number | null
  createdAt: number
  lastUsedAt: number | null
  lastUsedProtocol: MailProtocol | null
  lastUsedAddress: string | null
}
