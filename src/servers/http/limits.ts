/** What a stranger may take of the HTTP port. */

/** Scrapers and load balancers: a handful, each with one request at a time. */
export const CONNECTIONS = 100
/** A GET line and a few header fields. */
export const HEADER_BYTES = 8 * 1024
/** For the whole request to arrive. */
export const REQUEST_MS = 5_000
/** A scraper that keeps its connection asks every 15 to 60 s. */
export const KEEP_ALIVE_MS = 65_000

/** How old what /healthz says of the store may be: it costs a write to disk, and may be asked for as often as anyone likes. */
export const HEALTH_FRESH_MS = 2_000
/** For the store to answer it; a write takes milliseconds, and load balancers wait three seconds, or five. */
export const HEALTH_STORE_MS = 2_000

/**
 * Less room on a disk of the store is told as a fault: three messages of the usual limit of 20 MB come in at once, and what
 * /healthz writes itself would fit for long after they don't.
 */
export const FREE_DISK_BYTES = 64 * 1024 * 1024

/** Requests of one connection that wait for the answer before theirs: more than any program sends ahead. Beyond, it is closed. */
export const WAITING_REQUESTS = 100

/** Cookies and a bearer token besides the rest. */
export const WEB_HEADER_BYTES = 16 * 1024
/** For a request to arrive whole: a list of mailboxes over a slow line. */
export const WEB_REQUEST_MS = 30_000

/** What one HTTPS port gives to strangers. */
export interface WebLimits {
  maxConnections: number
  maxConnectionsPerAddress: number
  handshakeMs: number
  headersMs: number
  requestMs: number
  checkEveryMs: number
  keepAliveMs: number
  idleMs: number
}

export const defaultWebLimits: WebLimits = {
  /** Browsers open six connections each. */
  maxConnections: 2_000,
  /** A proxy in front, or an office of sixty behind one address; the others' share is left to the others. */
  maxConnectionsPerAddress: 400,
  /** Two round trips; a connection that never begins one must not be held for longer. */
  handshakeMs: 15_000,
  /** A page's header fields fit into one packet or two. */
  headersMs: 15_000,
  requestMs: WEB_REQUEST_MS,
  /** How exactly the times for a request are kept. */
  checkEveryMs: 5_000,
  /** A panel that is open asks again within it. */
  keepAliveMs: 20_000,
  /** Not a byte either way: longer than any answer takes to be made, and the end for who never reads his. */
  idleMs: 5 * 60_000,
}
