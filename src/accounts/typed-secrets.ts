/**
 * Random secrets that people type: app passwords and recovery codes. 20 characters of base32 (RFC 4648 §6, which has no 0,
 * 1, 8 and 9 to be mistaken), 100 random bits: nobody runs through 2^100 hashes, so a plain SHA-256 of it is kept.
 */
import { randomBytes } from 'node:crypto'

const CHARACTERS = 20
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

export function newTypedSecret(): string {
  // 256 is a multiple of 32: each character comes up as often.
  return Array.from(randomBytes(CHARACTERS), byte => ALPHABET[byte % ALPHABET.length]).join('')
}

/** As it is shown: in groups of four. */
export const grouped = (secret: string, separator = ' '): string => secret.match(/.{1,4}/g)?.join(separator) ?? ''

/** However it was typed: spaces, hyphens and small letters are all the same; null where it can be none. */
export function readTypedSecret(text: string): string | null {
  if (text.length > 4 * CHARACTERS) return null
  const secret = text.replace(/[\s\p{Zs}-]/gu, '').toUpperCase()
  return secret.length === CHARACTERS && /^[A-Z2-7]+$/.test(secret) ? secret : null
}
