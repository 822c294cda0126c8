/** What a stranger may take of the HTTP port. */

/** Scrapers and load balancers: a handful, each with one request at a time. */
export const CONNECTIONS = 100
/** A GET line and a few header fields. */
export const HEADER_BYTES = 8 * 1024
/** For the whole request to arrive. */
export const REQUEST_MS = 5_000
/** A scraper that keeps its connection asks every 15 to 60 s. */
export const KEEP_ALIVE_MS = 65_000
