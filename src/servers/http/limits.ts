/** What a stranger may take of the HTTP port. */

/** Scrapers and load balancers: a handful, each with one request at a time. */
export const CONNECTIONS = 100
/** A GET line and a few header fields. */
export const HEADER_BYTES = 8 * 1024
/** For the whole request to arrive. */
export const REQUEST_MS = 5_000
/** A scraper that keeps its connection asks every 15 to 60 s. */
export const KEEP_ALIVE_MS = 65_000

/** Browsers open six connections each; a proxy in front holds a few hundred. */
export const WEB_CONNECTIONS = 2_000
/** Cookies and a bearer token besides the rest. */
export const WEB_HEADER_BYTES = 16 * 1024
/** For a request to arrive whole: a list of mailboxes over a slow line. */
export const WEB_REQUEST_MS = 30_000
/** A panel that is open asks again within it. */
export const WEB_KEEP_ALIVE_MS = 20_000
