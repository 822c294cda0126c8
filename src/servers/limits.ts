/** What a stranger may take of the listener, whatever the protocol. Each can be set by the service's settings. */
export interface ListenerLimits {
  maxConnections: number
  maxConnectionsPerAddress: number
  handshakeMs: number
  firstIdleMs: number
  stallMs: number
  closeMs: number
  stoppingCloseMs: number
  maxUnsentBytes: number
  maxHeldInputBytes: number
}

export const defaultListenerLimits: ListenerLimits = {
  /** An idle TLS connection costs some 50 KB: 1 GB for all of them. */
  maxConnections: 20_000,
  /** An office behind one address: 20 people with 10 connections each. */
  maxConnectionsPerAddress: 200,
  /** A handshake is two round trips; RFC 6298's slowest retransmissions fit three times over. */
  handshakeMs: 30_000,
  /** Silence until the session sets its own. */
  firstIdleMs: 60_000,
  /** A client that takes not one slice (64 KiB) of its answer in this time is gone or means harm. */
  stallMs: 120_000,
  /** From our last byte to the client's end of the connection: a round trip or two. */
  closeMs: 10_000,
  /** The same while the service stops: a restart must not wait for mail programs that don't hang up. */
  stoppingCloseMs: 1_000,
  /**
   * Bytes that wait for a client when more is written; one piece of any length may be among them, a message. A session
   * awaits its writes: beyond, it doesn't, and the client doesn't read.
   */
  maxUnsentBytes: 64 * 1024 * 1024,
  /** Input that waits while the session works, before the socket is no longer read. */
  maxHeldInputBytes: 64 * 1024,
}

/**
 * A client whose network has gone is noticed by then, not at the end of its idle time with its locks held; and no
 * telephone is woken much.
 */
export const KEEP_ALIVE_MS = 10 * 60_000

/** For a load balancer's header, which is sent at once: a lost packet is sent again within 3 s (doc/proxy-protocol.txt §2). */
export const PROXY_HEADER_MS = 5_000
/** One line of the log tells how many there were. */
export const PROXY_COMPLAINT_MS = 60_000

/**
 * Bytes of messages that sessions hold, all together: those that clients append, and those on their way to them; and
 * scripts that come in. Of IMAP, POP3 and ManageSieve together. Beyond, sessions wait for each other.
 */
export const MESSAGE_BYTES_HELD = 256 * 1024 * 1024
/** And the sessions of one account: one message of the largest size allowed is always taken. */
export const MESSAGE_BYTES_HELD_OF_ACCOUNT = 64 * 1024 * 1024
/** What a command may hold without waiting for others: most messages are smaller. */
export const UNCOUNTED_BYTES = 128 * 1024

/** Without an octet of a message or script that is coming in when the service stops: a client whose network went sends no more of it. */
export const STOPPING_IDLE_MS = 5_000
