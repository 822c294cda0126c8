/** How long a session of the panel lives. */

/** "Stay signed in": until this long after it was last used. */
export const REMEMBERED_MS = 30 * 24 * 60 * 60_000
/** A working day on a machine that others use as well. */
export const UNREMEMBERED_MS = 12 * 60 * 60_000
/** How exactly it is known when a session was last used: each note of it is a write to disk. */
export const SEEN_EVERY_MS = 60_000
/** How long after the password was shown what is dangerous (new password, second factor, tokens) needs no other proof. */
export const CONFIRMED_FOR_MS = 15 * 60_000
/** A browser's name of itself, for the list of sessions. */
export const USER_AGENT_CHARACTERS = 300
