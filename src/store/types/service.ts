/** Who changed what, tokens of programs, answers to be repeated. */
import type { PrincipalId, Role } from './principals.ts'

export interface NewAuditEntry {
  at: number
  /** Address of who did it, or `command-line`, `service`. */
  actor: string
  actorId: PrincipalId | null
  actorRole: Role | 'system'
  via: 'panel' | 'token' | 'command-line' | 'service' | 'link' | 'mail-program'
  remoteAddress: string
  /** `mailbox.create`, `domain.update`: the noun, a dot, the verb. */
  action: string
  /** What was changed: an address, a domain, an id. */
  target: string
  /** The domain it belongs to, so that its managers see it; null for none. */
  domain: string | null
  /** What was and what is, of what changed; never a secret. */
  before: Record<string, unknown> | null
  after: Record<string, unknown> | null
}

export interface AuditRow extends NewAuditEntry {
  auditId: number
}

export interface ApiTokenRow {
  tokenId: string
  principalId: PrincipalId
  label: string
  scopes: string[]
  expiresAt: number | null
  createdAt: number
  lastUsedAt: number | null
  lastUsedAddress: string | null
}

export interface IdempotentAnswer {
  requestHash: string
  /** null while the first request is under way. */
  status: number | null
  body: string | null
  createdAt: number
}
