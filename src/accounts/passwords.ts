/**
 * Passwords as Argon2id (RFC 9106) in PHC string form, hashed on the thread pool.
 *
 * A password is prepared as the OpaqueString profile has it (RFC 8265 §4.2: NFC, every space an ASCII space), so that
 * two keyboards give the same bytes.
 */
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { HASH_MEMORY_KIB, MAX_PASSWORD_BYTES } from './limits.ts'

export interface Argon2Parameters {
  /** KiB. */
  memory: number
  passes: number
  parallelism: number
}

/** OWASP Password Storage Cheat Sheet: 19 MiB, two passes, one lane. */
export const argon2Parameters: Argon2Parameters = { memory: 19 * 1024, passes: 2, parallelism: 1 }

const SALT_BYTES = 16
const TAG_BYTES = 32
const VERSION = 0x13

interface PasswordHash extends Argon2Parameters {
  salt: Buffer
  tag: Buffer
}

export async function hashPassword(password: string, parameters = argon2Parameters): Promise<string> {
  const salt = randomBytes(SALT_BYTES)
  const tag = await derive(password, salt, TAG_BYTES, parameters)
  const { memory, passes, parallelism } = parameters
  return `$argon2id$v=${VERSION}$m=${memory},t=${passes},p=${parallelism}$${unpadded(salt)}$${unpadded(tag)}`
}

/** False for a wrong password, and for a hash that is none. */
export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  const parsed = parseHash(hash)
  if (!parsed || Buffer.byteLength(password) > MAX_PASSWORD_BYTES) return false
  const tag = await derive(password, parsed.salt, parsed.tag.length, parsed)
  return timingSafeEqual(tag, parsed.tag)
}

/** Whether the hash was made with other parameters than those in force. */
export function needsRehash(hash: string, parameters = argon2Parameters): boolean {
  const parsed = parseHash(hash)
  if (!parsed) return true
  return (['memory', 'passes', 'parallelism'] as const).some(name => parsed[name] !== parameters[name])
}

export function preparePassword(password: string): string {
  return password.normalize('NFC').replace(/\p{Zs}/gu, ' ')
}

/** `$argon2id$v=19$m=19456,t=2,p=1$salt$tag`, base64 without padding. */
function parseHash(text: string): PasswordHash | null {
  const match = /^\$argon2id\$v=19\$m=(\d{1,8}),t=(\d{1,3}),p=(\d{1,3})\$([\w+/]{11,86})\$([\w+/]{16,86})$/.exec(text)
  if (!match) return null
  const [memory, passes, parallelism] = [Number(match[1]), Number(match[2]), Number(match[3])]
  // RFC 9106 §3.1: at least 8 KiB a lane.
  if (passes < 1 || parallelism < 1 || memory < 8 * parallelism || memory > HASH_MEMORY_KIB) return null
  return {
    memory,
    passes,
    parallelism,
    salt: Buffer.from(match[4]!, 'base64'),
    tag: Buffer.from(match[5]!, 'base64'),
  }
}

function derive(password: string, salt: Buffer, tagLength: number, parameters: Argon2Parameters): Promise<Buffer> {
  const { memory, passes, parallelism } = parameters
  const message = Buffer.from(preparePassword(password))
  return new Promise((resolve, reject) => {
    argon2('argon2id', { message, nonce: salt, tagLength, memory, passes, parallelism }, (error, tag) => {
      if (error) reject(error)
      else resolve(tag)
    })
  })
}

const unpadded = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '')
