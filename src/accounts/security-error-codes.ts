/** What can be wrong with how someone signs in, or guards it. */
export type SecurityErrorCode =
  | 'app-password-not-found'
  | 'too-many-app-passwords'
  | 'too-many-networks'
  | 'invalid-network'
  | 'expiry-in-the-past'
  | 'mailbox-not-yours'
  | 'not-a-sender'
