/** What one account may make the store hold beside its mail, which its quota counts; and one user of the panel. */

/** Mailboxes of one account: LIST reads them all. */
export const MAILBOXES_OF_ACCOUNT = 5_000

/** Names that one account subscribes to, twice its mailboxes as they outlive them (RFC 9051 §6.3.9): LIST and LSUB read them all. */
export const SUBSCRIPTIONS_OF_ACCOUNT = 10_000

/**
 * Messages that one operation changes, moves or removes at the most: a tenth to a quarter of a second of the writer, for which the
 * operations of everybody else wait. Whoever has more asks again.
 */
export const MESSAGES_AT_ONCE = 4_000

/** Messages of one COPY, which may not be done in parts (RFC 9051 §6.4.7): about a second of the writer. */
export const MESSAGES_OF_COPY = 50_000

/**
 * Different keywords of one mailbox, 255 octets each at the most. A message may have them all, and its flags are sent with
 * every change of them. Mail programs use some ten; mail that came over from a service with labels brings some hundred.
 */
export const KEYWORDS_OF_MAILBOX = 512

/**
 * Open sessions of the panel of one user; the one used least lately ends for one more. A browser that forgets its cookies leaves
 * one behind at each sign-in, for up to 30 days.
 */
export const SESSIONS_OF_PRINCIPAL = 100

/** Of a remote server's answer, kept with the trace. Answers are long where a server explains itself; the log has all of it. */
export const ANSWER_CHARACTERS = 1_000

/** References are listed by strangers: the first names the thread's start, the last ones its neighbours; more add nothing. */
export const THREAD_REFERENCES = 32
