/** Operations and queries on what belongs to the service: the audit log, tokens of programs, answers to be repeated. */
import type { PrincipalId } from '../types/principals.ts'
import type { ApiTokenRow, AuditRow, IdempotentAnswer, NewAuditEntry } from '../types/service.ts'
import type { Define } from './define.ts'

export interface ServiceOperations {
  'audit.add': Define<NewAuditEntry, void>

  'apiToken.add': Define<ApiTokenRow & { secretHash: string }, void>
  /** `not-found` where the principal has no such token. */
  'apiToken.remove': Define<{ principalId: PrincipalId; tokenId: string }, void>
  'apiToken.used': Define<{ tokenId: string; at: number; remoteAddress: string }, void>

  /** Takes the key for this request, unless it is taken: then answers what it was taken for. */
  'idempotency.begin': Define<
    { principalId: PrincipalId; key: string; requestHash: string; at: number },
    IdempotentAnswer | null
  >
  'idempotency.finish': Define<{ principalId: PrincipalId; key: string; status: number; body: string }, void>
  /** Gives the key back: the request failed before it did anything. */
  'idempotency.forget': Define<{ principalId: PrincipalId; key: string }, void>
  'idempotency.sweep': Define<{ before: number }, void>
}

export interface ServiceQueries {
  /** Latest first, below `before`. `domains`: those of them alone; null for all. */
  'audit.list': Define<
    {
      domains: string[] | null
      target: string | null
      actorId: PrincipalId | null
      before: number | null
      limit: number
    },
    AuditRow[]
  >
  'apiToken.bySecret': Define<{ secretHash: string }, ApiTokenRow | null>
  'apiToken.list': Define<{ principalId: PrincipalId }, ApiTokenRow[]>
}
