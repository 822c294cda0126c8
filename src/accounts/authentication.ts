/** What servers ask of the accounts room when a client signs in. The implementation is `authenticator.ts`. */

import type { PrincipalId, PrincipalRow } from '../store/types/principals.ts'
import type { MailProtocol, SignInProtocol } from '../store/types/sign-in.ts'
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

export interface MailSignIn extends SignIn {
  protocol: MailProtocol
}

export interface SignInRefusal {
  ok: false
  /**
   * - `throttled`: too many failures from there or for that account; the password was not looked at.
   * - `app-password-needed`: the password is right, but there is a second factor, which mail programs can't ask for.
   * - `not-allowed`, `expired`: an app password that is right, but not for this protocol or network, or no longer.
   */
  reason: 'credentials' | 'throttled' | 'unavailable' | 'app-password-needed' | 'not-allowed' | 'expired'
}

export interface MailSignedIn {
  ok: true
  account: AccountRow
  /** Who it is: of a shared mailbox the member whose app password it was. */
  principalId: PrincipalId
  /** null where it was the password of the principal. */
  appPasswordId: string | null
  /** Whether what was shown opens submission as well, asked anew each time: an app password may be for reading alone. */
  maySend(): Promise<boolean>
  /** To be called as the session begins; whoever does calls `end` when it ends. */
  follow(onOver: () => void): OpenSignIn
}

/** Why what was let in is let in no longer. */
export type SignInOver =
  | 'sign-in-off'
  | 'mailbox-removed'
  | 'password-changed'
  | 'app-password-needed'
  | 'app-password-removed'
  | 'app-password-expired'
  /** For the protocol or from the network. */
  | 'app-password-not-allowed'

export interface OpenSignIn {
  /** null while its credential is good; changes before `onOver` is called. */
  readonly over: SignInOver | null
  /** The session is gone. */
  end(): void
}

export type SignInOutcome = MailSignedIn | SignInRefusal

export type PrincipalOutcome = { ok: true; principal: PrincipalRow } | (SignInRefusal & { reason: PanelRefusal })
export type PanelRefusal = 'credentials' | 'throttled' | 'unavailable'

export interface Authenticator {
  /** To a mailbox. Takes as long for an unknown user as for a wrong password; slows down after failures. */
  signIn(attempt: MailSignIn): Promise<SignInOutcome>
}

export interface PanelAuthenticator {
  /**
   * To the panel, with the password alone: what else is needed is asked for by whoever calls, and that it went well noted
   * by them too.
   */
  signInPrincipal(attempt: Omit<SignIn, 'protocol'>): Promise<PrincipalOutcome>
}
