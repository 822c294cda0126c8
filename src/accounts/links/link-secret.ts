/**
 * What a single-use link holds and what the store keeps of it.
 *
 * The link ends in a token of 256 random bits, behind "#", which browsers send nowhere: no proxy, log or Referer has it.
 * The store keeps its SHA-256, and the password under a key made of the token by HKDF (RFC 5869): who reads the store, a
 * backup of it, or the data folder, has neither.
 */
import { createHash, hkdfSync, timingSafeEqual } from 'node:crypto'
import { createSecretBox } from '../../ops/secret-box.ts'

export interface LinkSecret {
  password: string
}

/** The page that reads the token. */
export const linkPath = (token: string): string => `/link#${token}`

export function sealSecret(token: string, linkId: string, secret: LinkSecret): Buffer {
  return boxOf(token).seal(Buffer.from(JSON.stringify(secret)), linkId)
}

export function openSecret(token: string, linkId: string, sealed: Uint8Array): LinkSecret {
  return JSON.parse(boxOf(token).open(sealed, linkId).toString())
}

function boxOf(token: string) {
  return createSecretBox(Buffer.from(hkdfSync('sha256', token, '', 'facteur credential link', 32)))
}

/** Of a code given by phone. With the token in it: the few digits alone could be found out from the store by trying all. */
export const hashCode = (token: string, code: string): string =>
  createHash('sha256').update(`code:${token}:${code}`).digest('hex')

export function isSameHash(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
