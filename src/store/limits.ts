/** What one account may make the store hold beside its mail, which its quota counts. */

/** Mailboxes of one account: LIST reads them all. */
export const MAILBOXES_OF_ACCOUNT = 5_000

/**
 * Different keywords of one mailbox, 255 octets each at the most. A message may have them all, and its flags are sent with
 * every change of them. Mail programs use some ten; mail that came over from a service with labels brings some hundred.
 */
export const KEYWORDS_OF_MAILBOX = 512
