/** Codes that change every half minute (TOTP, RFC 6238), as authenticator apps make them: SHA-1, six digits, 30 seconds. */
import { randomBytes } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import { STEPS_OFF } from './limits.ts'

const STEP_MS = 30_000
/** RFC 4226 §4, R6: 160 bits. */
const SECRET_BYTES = 20

export const newCodeSecret = (): Buffer => randomBytes(SECRET_BYTES)

export interface CodeSetUp {
  /** base32, to be typed where there is no camera. */
  secret: string
  /** `otpauth://totp/…`, to be shown as a QR code. */
  uri: string
}

export function setUpOf(secret: Uint8Array, { issuer, address }: { issuer: string; address: string }): CodeSetUp {
  // A colon ends the issuer in the label.
  const totp = new TOTP({ secret: secretOf(secret), issuer: issuer.replaceAll(':', ' '), label: address })
  return { secret: totp.secret.base32, uri: totp.toString() }
}

/** The time step that the code is of; null where it is of none around `now`. Takes as long for every six digits. */
export function stepOf(secret: Uint8Array, text: string, now: number): number | null {
  const token = text.replace(/\s/g, '')
  if (!/^\d{6}$/.test(token)) return null
  const delta = new TOTP({ secret: secretOf(secret) }).validate({ token, timestamp: now, window: STEPS_OFF })
  return delta === null ? null : Math.floor(now / STEP_MS) + delta
}

function secretOf(bytes: Uint8Array): Secret {
  return new Secret({ buffer: Uint8Array.from(bytes).buffer })
}
