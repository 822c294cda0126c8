/**
 * Signs what is sent as Standard Webhooks has it (github.com/standard-webhooks): HMAC-SHA256 over `id.timestamp.payload`,
 * so that a receiver knows who sent it, that nothing was changed, and when it was sent.
 */
import { createHmac, randomBytes } from 'node:crypto'

/** NIST SP 800-107 §5.3.4: as long as the hash. */
const SECRET_BYTES = 32
const PREFIX = 'whsec_'

/** As receivers are given it: `whsec_` and base64. */
export const newSecret = (): string => `${PREFIX}${randomBytes(SECRET_BYTES).toString('base64')}`

/** The headers of one try; `at` is when it is made, in ms. */
export function signedHeaders(secret: string, eventId: string, at: number, payload: string): Record<string, string> {
  const timestamp = Math.floor(at / 1000)
  const key = Buffer.from(secret.slice(PREFIX.length), 'base64')
  const signature = createHmac('sha256', key).update(`${eventId}.${timestamp}.${payload}`).digest('base64')
  return { 'webhook-id': eventId, 'webhook-timestamp': String(timestamp), 'webhook-signature': `v1,${signature}` }
}
