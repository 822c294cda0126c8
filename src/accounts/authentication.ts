/** What servers ask of the accounts room when a client signs in. The implementation is `authenticator.ts`. */
import type { AccountRow } from '../store/types.ts'

export interface SignIn {
  /** As the client gave it; a name without "@" is completed with the default domain where one is set. */
  user: string
  password: string
  protocol: 'imap' | 'pop3' | 'submission'
  remoteAddress: string
}

export type SignInOutcome =
  | { ok: true; account: AccountRow }
  /** `throttled`: too many failures from there or for that account; the password was not looked at. */
  | { ok: false; reason: 'credentials' | 'throttled' | 'unavailable' }

export interface Authenticator {
  /** Takes as long for an unknown user as for a wrong password; slows down after failures. */
  signIn(attempt: SignIn): Promise<SignInOutcome>
}
