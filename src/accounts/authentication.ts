/** What servers ask of the accounts room when a client signs in. The implementation is `authenticator.ts`. */

import type { PrincipalRow } from '../store/types/principals.ts'
import type { SignInProtocol } from '../store/types/sign-in.ts'
import type { AccountRow } from '../store/types.ts'

export interface SignIn {
  /** As the client gave it; a name without "@" is completed with the default domain where one is set. */
  user: string
  password: string
  protocol: SignInProtocol
  remoteAddress: string
  /** As the program calls itself, where it says. */
  client?: string
}

/** `throttled`: too many failures from there or for that account; the password was not looked at. */
export type SignInRefusal = { ok: false; reason: 'credentials' | 'throttled' | 'unavailable' }

export type SignInOutcome = { ok: true; account: AccountRow } | SignInRefusal

export type PrincipalOutcome = { ok: true; principal: PrincipalRow } | SignInRefusal

export interface Authenticator {
  /** To a mailbox. Takes as long for an unknown user as for a wrong password; slows down after failures. */
  signIn(attempt: SignIn): Promise<SignInOutcome>
}

export interface PanelAuthenticator {
  /** To the panel, with the password alone: a second factor is asked for by whoever calls. */
  signInPrincipal(attempt: SignIn): Promise<PrincipalOutcome>
}
