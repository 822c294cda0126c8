/** Operations and queries on sessions of the panel, second factors, app passwords, and sign-ins that were seen. */
import type { PrincipalId } from '../types/principals.ts'
import type { SeenSignIns, SignInProtocol, SignInRow, WebSessionRow } from '../types/sign-in.ts'
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

  /** Latest first, below `before`. */
  'signIn.list': Define<
    OfPrincipal & { before: { lastAt: number; signInId: number } | null; limit: number },
    SignInRow[]
  >
  /** The latest over the protocol, and the latest that was let in; null where there is none. */
  'signIn.latest': Define<OfPrincipal & { protocol: SignInProtocol }, { any: SignInRow | null; ok: SignInRow | null }>
}
