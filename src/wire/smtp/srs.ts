/**
 * The Sender Rewriting Scheme: a forwarded message leaves with a reverse-path of the domain that forwards it, so that its
 * SPF record speaks for the forwarding host; what bounces comes back here and is sent on to the sender (libsrs2's SRS0 and
 * SRS1, shortcut and guarded). No RFC has it; the form is what the world's servers read.
 *
 *     SRS0=hash=time=domain=local-part@forwarder       of an ordinary address
 *     SRS1=hash=first-forwarder==...@forwarder         of one that was rewritten before: the first forwarder stays known
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { isDotString } from './path.ts'

export interface SrsKey {
  secret: Uint8Array
  /** ms since 1970 */
  now: number
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const DAY_MS = 86_400_000
/** The two letters of the time count days up to this; then they begin anew. */
const DAYS = 1024
/** Bounces come within the days that a queue tries; what is older is nobody's forward any more. */
const VALID_DAYS = 21
/** Letters of the hash: 30 bits, under a key that nobody has, for an address that leads to one mailbox alone. */
const HASH_LETTERS = 6
/** RFC 5321 §4.5.3.1.1. Servers refuse longer ones; then the address stays as it was, which most of them take. */
const LOCAL_PART_OCTETS = 64

/**
 * The reverse-path under which `domain` forwards; `address` itself where it is empty, its own, or can't be written so: a
 * quoted local part or an address literal within another local part would ask for quotes that many servers don't take.
 */
export function rewriteReversePath(address: string, domain: string, key: SrsKey): string {
  const at = address.lastIndexOf('@')
  if (at < 1) return address
  const local = address.slice(0, at)
  const host = address.slice(at + 1).toLowerCase()
  if (host === domain) return address
  const rewritten = rewrittenLocalPart(local, host, key)
  const isTaken = isDotString(rewritten) && Buffer.byteLength(rewritten) <= LOCAL_PART_OCTETS
  return isTaken ? `${rewritten}@${domain}` : address
}

function rewrittenLocalPart(local: string, host: string, key: SrsKey): string {
  const again = /^SRS1[=+-][^=]*=([^=]+)=(.+)$/i.exec(local)
  if (again) return srs1(again[1]!, again[2]!, key)
  const first = /^SRS0([=+-].+)$/i.exec(local)
  if (first) return srs1(host, first[1]!, key)
  const time = stampOf(key.now)
  return `SRS0=${hashOf(key.secret, time, host, local)}=${time}=${host}=${local}`
}

/** `rest` begins with the separator of the first forwarder, which alone knows what it means. */
function srs1(firstForwarder: string, rest: string, { secret }: SrsKey): string {
  return `SRS1=${hashOf(secret, firstForwarder, rest)}=${firstForwarder}=${rest}`
}

/** Whom a bounce to such an address is for; null where it is none of ours, forged or too old. */
export function originalReversePath(address: string, { secret, now }: SrsKey): string | null {
  const local = address.slice(0, address.lastIndexOf('@'))
  const first = /^SRS0[=+-]([^=]+)=([A-Z2-7]{2})=([^=]+)=(.+)$/i.exec(local)
  if (first) {
    const [, hash = '', time = '', host = '', original = ''] = first
    const isOurs = sameHash(hash, hashOf(secret, time.toUpperCase(), host.toLowerCase(), original))
    return isOurs && isFresh(time.toUpperCase(), now) ? `${original}@${host}` : null
  }
  const again = /^SRS1[=+-]([^=]+)=([^=]+)=([=+-].+)$/i.exec(local)
  if (!again) return null
  const [, hash = '', firstForwarder = '', rest = ''] = again
  return sameHash(hash, hashOf(secret, firstForwarder, rest)) ? `SRS0${rest}@${firstForwarder}` : null
}

function stampOf(now: number): string {
  const day = Math.floor(now / DAY_MS) % DAYS
  return `${BASE32[day >> 5]}${BASE32[day & 31]}`
}

function isFresh(time: string, now: number): boolean {
  const day = BASE32.indexOf(time[0] ?? '') * 32 + BASE32.indexOf(time[1] ?? '')
  const age = (Math.floor(now / DAY_MS) - day) % DAYS
  return (age + DAYS) % DAYS <= VALID_DAYS
}

/** Without case, since some servers change it, and in NFC, in which an address comes back (`parseAddress`). */
function hashOf(secret: Uint8Array, ...parts: string[]): string {
  const digest = createHmac('sha256', secret).update(parts.join('\0').normalize('NFC').toLowerCase()).digest()
  return Array.from(digest.subarray(0, HASH_LETTERS), byte => BASE32[byte & 31]).join('')
}

function sameHash(given: string, own: string): boolean {
  const bytes = Buffer.from(given.toUpperCase())
  return bytes.length === own.length && timingSafeEqual(bytes, Buffer.from(own))
}
