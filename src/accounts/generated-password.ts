/** Passwords and codes that the service makes up. */
import { randomInt } from 'node:crypto'

/** Without those that are taken for each other when they are read or told: 0 o, 1 l i. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789'
const GROUPS = 4
const GROUP_CHARACTERS = 5

/** `k7mpx-3wd9t-qahv4-rbn8e`: 99 random bits, in lower case for keyboards of phones. */
export function generatedPassword(): string {
  const group = (): string =>
    Array.from({ length: GROUP_CHARACTERS }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('')
  return Array.from({ length: GROUPS }, group).join('-')
}

export const generatedCode = (digits: number): string =>
  Array.from({ length: digits }, () => String(randomInt(10))).join('')
