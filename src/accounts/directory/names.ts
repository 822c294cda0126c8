/** What administrators type, in the form it is kept in; throws DirectoryError where it is none. */
import { type MailAddress, parseAddress, parseDomain } from '../addresses.ts'
import { MAX_LOCAL_PART_BYTES, MAX_PASSWORD_BYTES, MIN_PASSWORD_CHARACTERS } from '../limits.ts'
import { isOfAddress } from '../new-passwords.ts'
import { hashPassword } from '../passwords.ts'
import { DirectoryError } from './error.ts'

export function domainNameOf(text: string): string {
  const name = parseDomain(text)
  if (name === null)
    throw new DirectoryError('invalid-domain', `${shown(text)} is not a domain name`, { domain: cut(text) })
  return name
}

export function addressOf(text: string): MailAddress {
  const parsed = parseAddress(text.trim())
  if (!parsed)
    throw new DirectoryError('invalid-address', `${shown(text)} is not an e-mail address`, { address: cut(text) })
  return parsed
}

/** One that mailboxes, aliases and groups may have. */
export function newAddress(text: string): MailAddress {
  const parsed = addressOf(text)
  // "+" is where a tag begins; the rest would be typed wrong by everyone who is told the address.
  if (!/^[\p{L}\p{N}][\p{L}\p{M}\p{N}._'&=/~!#$%*^`{|}?-]*$/u.test(parsed.localPart))
    throw new DirectoryError(
      'address-not-allowed',
      `${shown(text)} can't be a new address: its name has to begin with a letter or digit and hold no "+", quotes or spaces`,
      { address: cut(text) },
    )
  if (Buffer.byteLength(parsed.localPart) > MAX_LOCAL_PART_BYTES)
    throw new DirectoryError(
      'address-too-long',
      `${shown(text)} can't be a new address: at most ${MAX_LOCAL_PART_BYTES} bytes may stand before the @`,
      { address: cut(text), max: MAX_LOCAL_PART_BYTES },
    )
  return { ...parsed, domain: domainNameOf(parsed.domain) }
}

export function targetOf(text: string): MailAddress {
  const parsed = parseAddress(text.trim())
  if (!parsed)
    throw new DirectoryError('invalid-target', `${shown(text)} is not an e-mail address`, { target: cut(text) })
  return parsed
}

/** Each once, as they were written. */
export function targetsOf(texts: readonly string[], max: number): string[] {
  const kept = new Map(texts.map(targetOf).map(target => [target.address, target.asWritten]))
  if (kept.size === 0 || kept.size > max)
    throw new DirectoryError('too-many-targets', `There have to be between 1 and ${max} target addresses`, { max })
  return [...kept.values()]
}

/** Bytes; null for no limit. */
export function checkQuota(quotaBytes: number | null): void {
  if (quotaBytes !== null && !(Number.isSafeInteger(quotaBytes) && quotaBytes > 0))
    throw new DirectoryError('invalid-quota', 'A quota is a number of bytes above 0, or none')
}

/** A number of mailboxes or of recipients an hour; null for no limit. */
export function checkLimit(limit: number | null): void {
  if (limit !== null && !(Number.isSafeInteger(limit) && limit >= 0))
    throw new DirectoryError('invalid-limit', 'A limit is a whole number, or none')
}

export async function hashNew(password: string, address: string): Promise<string> {
  const problem = passwordProblem(password, address)
  if (problem) throw new DirectoryError('invalid-password', problem, { min: MIN_PASSWORD_CHARACTERS })
  return hashPassword(password)
}

function passwordProblem(password: string, address: string): string | null {
  if ([...password].length < MIN_PASSWORD_CHARACTERS)
    return `The password is too short: it needs at least ${MIN_PASSWORD_CHARACTERS} characters`
  if (Buffer.byteLength(password) > MAX_PASSWORD_BYTES)
    return `The password is too long: it can have ${MAX_PASSWORD_BYTES} bytes`
  if (isOfAddress(password, address)) return 'The password is the address: it is the first to be guessed'
  // A line end or NUL can't be sent by any sign-in command (RFC 4616 §2).
  if (/[\x00-\x1f\x7f]/.test(password)) return 'The password has control characters in it'
  return null
}

const cut = (text: string): string => (text.length > 100 ? `${text.slice(0, 100)}…` : text)
const shown = (text: string): string => JSON.stringify(cut(text))
