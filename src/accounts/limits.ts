/** What guards the accounts: sign-in, passwords, aliases. */

/** NIST SP 800-63B §5.1.1.2: at least 8 characters, and no rules on which. */
export const MIN_PASSWORD_CHARACTERS = 8
/** More than any sign-in command can carry; Argon2id hashes it first, so length costs nothing. */
export const MAX_PASSWORD_BYTES = 1024

/** RFC 5321 §4.5.3.1.1: other servers may refuse to write to a longer one. */
export const MAX_LOCAL_PART_BYTES = 64

/** Aliases that lead to aliases; people nest lists in lists, not deeper. */
export const MAX_ALIAS_DEPTH = 10
/** Addresses one alias names: a list is a list server's work. */
export const MAX_ALIAS_TARGETS = 1000
/**
 * Addresses followed for one message, of all depths: an alias's 1000 targets, each of which leads to four more. Each costs a read,
 * and whoever writes to it asks for them at RCPT already; some 1 KB until the message is kept.
 */
export const MAX_FOLLOWED_ADDRESSES = 5_000

/**
 * Passwords verified at once. Each takes a thread of the pool (4) and 19 MiB for some 20 ms; the other threads stay for
 * reading and compressing mail.
 */
export const VERIFICATIONS_AT_ONCE = 2
/** Sign-ins that wait for their turn, of all addresses: some 10 s of work. Beyond, `unavailable`. */
export const WAITING_VERIFICATIONS = 500
/** And of one address, so that a flood from there fills only its own share. */
export const WAITING_VERIFICATIONS_PER_ADDRESS = 50

/** Accounts whose last verified password is known as a 32-byte code: some 100 bytes each. */
export const VERIFIED_PASSWORDS = 50_000
/** Wrong passwords seen lately, as codes, each with its address: a program that repeats one is not taken for a guesser, and costs nothing. */
export const KNOWN_WRONG_PASSWORDS = 10_000

/** Failures that cost nothing: people mistype. */
export const FREE_FAILURES = 3
/** The wait after the first failure beyond them; it doubles with each further one. */
export const FIRST_DELAY_MS = 500
/** No wait is longer: programs give up on an answer after 10 s. */
export const LONGEST_DELAY_MS = 8_000
/** Failures of one address before it is refused unheard. */
export const REFUSED_AFTER_FAILURES = 20
/** One failure is forgiven in this time: who guesses on gets some 1,400 tries a day. */
export const FORGIVEN_EVERY_MS = 60_000
/** Failures for one account from addresses it never signed in from, before strangers wait for each try. */
export const ACCOUNT_FREE_FAILURES = 30
/** Entries of each table of failures: some 10 MB at most. */
export const COUNTED_FAILURES = 50_000
/** Pairs of account and address that signed in, held to be at home. */
export const KNOWN_HOMES = 50_000

/** Above it a stored hash is damaged, or asks for more than sign-in may take. */
export const HASH_MEMORY_KIB = 1024 * 1024

/** API tokens of one user: a list that can be read. */
export const TOKENS_OF_USER = 50

/** Keys whose attempts are counted at once, of each kind; the one used least lately is forgotten, which is in its favour. */
export const ATTEMPT_KEYS = 20_000

/** A link for a device lives so long: to find the phone, unlock it and aim; a picture left on a screen is soon worth nothing. */
export const DEVICE_LINK_MS = 15 * 60_000
