/** What each protocol says as it ends a session whose credential is no longer good. */
import type { SignInOver } from '../accounts/authentication.ts'

interface Farewell {
  text: string
  /**
   * RFC 5530 §3: EXPIRED where another passphrase opens it again, CONTACTADMIN where none does. An ALERT is shown to whoever
   * sits there (RFC 9051 §7.1).
   */
  imap: 'ALERT' | 'CONTACTADMIN' | 'EXPIRED' | 'AUTHORIZATIONFAILED'
  /** RFC 3463 §3.8, RFC 4954 §6: the credentials; RFC 7372 and its registry: the account is disabled. */
  smtp: '4.7.8' | '4.7.9' | '4.7.13'
}

export const farewells: Readonly<Record<SignInOver, Farewell>> = {
  'sign-in-off': { text: 'Sign-in was switched off for this mailbox', imap: 'CONTACTADMIN', smtp: '4.7.13' },
  'mailbox-removed': { text: 'This mailbox was removed', imap: 'CONTACTADMIN', smtp: '4.7.13' },
  'password-changed': { text: 'The password was changed: sign in with the new one', imap: 'EXPIRED', smtp: '4.7.8' },
  'app-password-needed': {
    text: 'An app password is needed here from now on: make one in the panel, under Security',
    imap: 'ALERT',
    smtp: '4.7.9',
  },
  'app-password-removed': { text: 'This app password is no longer valid', imap: 'EXPIRED', smtp: '4.7.8' },
  'app-password-expired': { text: 'This app password has expired', imap: 'EXPIRED', smtp: '4.7.8' },
  'app-password-not-allowed': {
    text: 'This app password is no longer for this protocol or this network',
    imap: 'AUTHORIZATIONFAILED',
    smtp: '4.7.8',
  },
}
