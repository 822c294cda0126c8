/** Sessions of the panel; second factors and app passwords; who signed in from where. */
import type { PrincipalId } from './principals.ts'

export interface WebSessionRow {
  sessionId: string
  principalId: PrincipalId
  /** Whether it outlives the browser. */
  remembered: boolean
  /** When a second factor was last shown; null where none was. */
  secondFactorAt: number | null
  /** When the password (or a passkey) was last shown: what is dangerous asks for it again. */
  confirmedAt: number
  remoteAddress: string
  userAgent: string
  createdAt: number
  lastSeenAt: number
  expiresAt: number
}
