/** What a load balancer in front may send. */

/** A line of version 1 of the PROXY protocol: the longest there is, CRLF included (proxy-protocol.txt §2.1). */
export const PROXY_LINE_OCTETS = 107

/**
 * What follows the first sixteen octets of version 2 (§2.2). Addresses take 216 at most, what balancers add (a name, an identifier,
 * what is known of a client's certificate) some hundreds; the length field alone would let them be 65,535.
 */
export const PROXY_BLOCK_OCTETS = 4_096
