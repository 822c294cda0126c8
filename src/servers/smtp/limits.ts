/** What a stranger may ask of the SMTP servers. Each can be set for tests and by the service's settings. */
export interface SmtpLimits {
  maxMessageBytes: number
  maxRecipients: number
  maxExcessRecipients: number
  maxCommandBytes: number
  maxErrors: number
  maxIdleCommands: number
  maxAuthFailures: number
  maxConnections: number
  maxConnectionsPerAddress: number
  limitLoopback: boolean
  maxBytesInFlight: number
  maxBytesInFlightOfOne: number
  maxReceivedFields: number
  idleMs: number
  handshakeMs: number
  withoutMessageMs: number
  dataMs: number
}

export const defaultLimits: SmtpLimits = {
  /** 20 MB, content, structure and attachments together; announced by SIZE. */
  maxMessageBytes: 20 * 1024 * 1024,
  /** RFC 5321 §4.5.3.1.8 asks for 100; a list server's batch is 1,000 at the most. */
  maxRecipients: 1_000,
  /**
   * RCPT beyond them, of all transactions up to an accepted message, before the client is sent away. RFC 5321 §4.5.3.1.10 lets
   * it send all it has and again what was refused: scripts do that with lists of some thousands.
   */
  maxExcessRecipients: 10_000,
  /** RFC 4954 §4.5.3.1.4 asks for 12,288 octets in an AUTH exchange; all other commands need less (RFC 5321 §4.5.3.1.4, RFC 3461 §9). */
  maxCommandBytes: 12_288,
  /** 5xx answers to one client before it is sent away: no client that works gets there, one that guesses addresses does. */
  maxErrors: 20,
  /** Commands between two messages that bring none (NOOP, RSET, VRFY, EHLO …): what keeps a connection open for nothing. */
  maxIdleCommands: 100,
  /** Wrong passwords on one connection; the authenticator slows down the next ones. */
  maxAuthFailures: 3,
  /** A connection without a message costs some 40 KB. */
  maxConnections: 2_000,
  /** A large sender uses some 20 at once. */
  maxConnectionsPerAddress: 50,
  /** Whether clients on this machine are held to it too. */
  limitLoopback: true,
  /**
   * Octets of messages under way, of all connections: beyond, clients wait, so that memory stays bounded. Submission has as much
   * of its own, so that strangers on port 25 don't keep those who belong here from sending.
   */
  maxBytesInFlight: 256 * 1024 * 1024,
  /**
   * And of one address of strangers, or one account: those of one do not stand in the way of all others. Two of the largest
   * messages at once, or two thousand usual ones; one is always taken.
   */
  maxBytesInFlightOfOne: 64 * 1024 * 1024,
  /** As Postfix has it: real mail passes ten servers. RFC 5321 §6.3 asks for 100, with which a loop goes round twice as often. */
  maxReceivedFields: 50,
  /** For the next command, whole: an octet now and then is no sign of life. RFC 5321 §4.5.3.2.7: at least five minutes. */
  idleMs: 5 * 60_000,
  /** As on the other ports: a client that has not agreed on TLS by then never will. */
  handshakeMs: 30_000,
  /** From the beginning or the message before, whatever is said meanwhile: clients that keep connections for later do so for minutes. */
  withoutMessageMs: 30 * 60_000,
  /** For the text of one message: 20 MB at 11 KB/s. A client that trickles does not hold memory for ever. */
  dataMs: 30 * 60_000,
}

/** How long a client that is turned away may take to read why. */
export const TURNED_AWAY_MS = 1_000

/** Of a message's block to the one before: what is copied for growing is a third of the message at the most. */
export const BLOCK_GROWTH = 4
/** Beyond, a block only doubles, so that little of a large message's memory is for nothing. */
export const LARGE_MESSAGE_BYTES = 2 * 1024 * 1024
