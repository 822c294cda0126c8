/** Operations and queries on sessions of the panel, second factors, app passwords, and sign-ins that were seen. */
import type { PrincipalId } from '../types/principals.ts'
import type {
  AppPasswordRow,
  MailProtocol,
  PasskeyRow,
  SeenSignIns,
  SignInProtocol,
  SignInRow,
  TotpRow,
  WebSessionRow,
} from '../types/sign-in.ts'
import type { AccountId } from '../types.ts'
import type { Define } from './define.ts'

type OfPrincipal = { principalId: PrincipalId }

export interface SignInOperations {
  'session.add': Define<WebSessionRow & { tokenHash: string }, void>
  /** Seen again, and lives on until `expiresAt`. Nothing where it is gone. */
  'session.touch': Define<{ sessionId: string; at: number; expiresAt: number }, void>
  /** The password or a second factor was shown again. */
  'session.confirm': Define<{ sessionId: string; at: number; secondFactor: boolean }, void>
  /** `not-found` where the principal has no such session. */
  'session.remove': Define<OfPrincipal & { sessionId: string }, void>
  /** All of the principal but `except`. */
  'session.removeAll': Define<OfPrincipal & { except: string | null }, void>
  /** Those that ended before `at`. */
  'session.sweep': Define<{ at: number }, void>

  /** A new secret that no code was shown for yet, instead of one that was in the same state. `already-exists`: one is in use. */
  'totp.begin': Define<OfPrincipal & { secretEncrypted: Uint8Array; at: number }, void>
  /** Takes it into use, with its first code spent. `not-found` where none waits for that. */
  'totp.confirm': Define<OfPrincipal & { step: number; at: number }, void>
  /** Spends the code of a step; false where it, or a later one, was spent before. */
  'totp.spend': Define<OfPrincipal & { step: number }, boolean>
  'totp.remove': Define<OfPrincipal, void>

  /** `already-exists`: the credential is known. */
  'passkey.add': Define<PasskeyRow, void>
  'passkey.used': Define<{ credentialId: string; signCount: number; at: number }, void>
  'passkey.rename': Define<OfPrincipal & { credentialId: string; label: string }, void>
  'passkey.remove': Define<OfPrincipal & { credentialId: string }, void>

  /** Instead of those before; with none, there are none. */
  'recoveryCode.replace': Define<OfPrincipal & { codeHashes: string[] }, void>
  /** False where there is no such code, or it was spent before. */
  'recoveryCode.spend': Define<OfPrincipal & { codeHash: string; at: number }, boolean>
  /** Codes, passkeys and recovery codes, all of them. */
  'secondFactor.reset': Define<OfPrincipal, void>

  /** `not-allowed` where the mailbox is neither the principal's own nor shared with it. */
  'appPassword.add': Define<Omit<AppPasswordRow, `lastUsed${string}`> & { secretHash: string }, void>
  /** Changes what is given. */
  'appPassword.update': Define<
    OfPrincipal & { appPasswordId: string } & Partial<
        Pick<AppPasswordRow, 'label' | 'protocols' | 'networks' | 'expiresAt'>
      >,
    void
  >
  'appPassword.remove': Define<OfPrincipal & { appPasswordId: string }, void>
  /** Answers how many there were. */
  'appPassword.removeAll': Define<OfPrincipal, number>
  /** Those that are gone are left out. */
  'appPassword.used': Define<
    { used: { appPasswordId: string; at: number; protocol: MailProtocol; remoteAddress: string }[] },
    void
  >

  /** Adds to the rows that are alike. Failures beyond `failuresADay` rows of a principal's day go into one row without address. */
  'signIn.record': Define<{ seen: SeenSignIns[]; failuresADay: number }, void>
  /** Forgets at most `limit` rows of days that ended before `before`; true where there may be more. */
  'signIn.sweep': Define<{ before: number; limit: number }, boolean>
}

export interface SignInQueries {
  /** null where there is none, or it has expired at `at`. */
  'session.byToken': Define<{ tokenHash: string; at: number }, WebSessionRow | null>
  /** Latest first. */
  'session.list': Define<OfPrincipal & { at: number }, WebSessionRow[]>

  'totp.get': Define<OfPrincipal, TotpRow | null>
  'passkey.byId': Define<{ credentialId: string }, PasskeyRow | null>
  /** By the time they were made. */
  'passkey.list': Define<OfPrincipal, PasskeyRow[]>
  'recoveryCode.count': Define<OfPrincipal, { left: number; total: number }>

  /** null as well where whose it is may no longer sign in, or the mailbox is no longer shared with them. */
  'appPassword.bySecret': Define<
    { accountId: AccountId; secretHash: string },
    (AppPasswordRow & { maySend: boolean }) | null
  >
  /** Of the principal, latest first, with the addresses of the mailboxes. */
  'appPassword.list': Define<OfPrincipal, (AppPasswordRow & { address: string })[]>

  /** Latest first, below `before`. */
  'signIn.list': Define<
    OfPrincipal & { before: { lastAt: number; signInId: number } | null; limit: number },
    SignInRow[]
  >
  /** The latest over the protocol, and the latest that was let in; null where there is none. */
  /**
   * From where the principal was let in, by address and when first; `since`: when the service noted sign-ins first, of anybody
   * (to the day), null where it never did.
   */
  'signIn.places': Define<OfPrincipal, { since: number | null; seen: { remoteAddress: string; firstAt: number }[] }>
  'signIn.latest': Define<OfPrincipal & { protocol: SignInProtocol }, { any: SignInRow | null; ok: SignInRow | null }>
}
