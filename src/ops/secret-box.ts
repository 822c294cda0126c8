/**
 * Encrypts what has to be read again (seeds of one-time codes, secrets of webhooks) under a key that lies in the data
 * folder beside the store: a copy of the store alone gives none of them away.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import path from 'node:path'

export interface SecretBox {
  /** `context`: what it belongs to; only the same opens it. */
  seal(secret: Uint8Array, context: string): Buffer
  /** Throws where it was sealed under another key or context, or is damaged. */
  open(sealed: Uint8Array, context: string): Buffer
}

const KEY_BYTES = 32
/** NIST SP 800-38D §8.2: 96 random bits, and the whole tag. */
const NONCE_BYTES = 12
const TAG_BYTES = 16

export function createSecretBox(key: Uint8Array): SecretBox {
  return {
    seal(secret, context) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context))
      return Buffer.concat([nonce, cipher.update(secret), cipher.final(), cipher.getAuthTag()])
    },
    open(sealed, context) {
      if (sealed.length < NONCE_BYTES + TAG_BYTES) throw new Error('a sealed secret is too short')
      const bytes = Buffer.from(sealed)
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES))
        .setAAD(Buffer.from(context))
        .setAuthTag(bytes.subarray(-TAG_BYTES))
      return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()])
    },
  }
}

/** The key of the data folder, made at the first start; durable before anything is sealed with it. */
export function loadSecretKey(file: string): Buffer {
  if (!existsSync(file)) {
    const unfinished = `${file}.${process.pid}`
    const handle = openSync(unfinished, 'w', 0o600)
    writeSync(handle, randomBytes(KEY_BYTES))
    fsyncSync(handle)
    closeSync(handle)
    renameSync(unfinished, file)
    const folder = openSync(path.dirname(file), 'r')
    fsyncSync(folder)
    closeSync(folder)
  }
  const key = readFileSync(file)
  if (key.length !== KEY_BYTES) throw new Error(`${file} is not a key of ${KEY_BYTES} bytes: restore it from a backup`)
  return key
}
